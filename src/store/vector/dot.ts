/**
 * The inner product of `query` and the row that starts at `offset`, with the bits of the SIMD kernel: four lanes of
 * floats, rounded after each step and summed as `sumFour` of `kernels/assembly/vector.ts` sums them.
 */
export function dot(vectors: Float32Array, offset: number, query: Float32Array): number {
  const { fround } = Math;
  const lanes = new Float32Array(4);
  for (let i = 0; i < query.length; i++) {
    const lane = i & 3;
    lanes[lane] = (lanes[lane] ?? 0) + fround((vectors[offset + i] ?? 0) * (query[i] ?? 0));
  }
  const [a = 0, b = 0, c = 0, d = 0] = lanes;
  // + 0 turns −0 into 0.
  return fround(fround(a + c) + fround(b + d)) + 0;
}
