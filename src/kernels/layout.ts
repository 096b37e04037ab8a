/** The kernels work on four floats at once: rows are padded with zeros to a multiple of four. */
export function paddedWidth(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** The histogram of the `select` kernel: 4,096 counters. */
export const BIN_BYTES = 4096 * 4;
