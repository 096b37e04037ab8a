import type { Random } from '../../domain/random.js';
import type { SparseMatrix } from '../../kernels/subspace.js';

/** At most `limit` entries of each row, chosen without preference and left in their order (Knuth's selection sampling). */
export function sampleRows({ offsets, columns, values }: SparseMatrix, limit: number, random: Random): SparseMatrix {
  const rows = offsets.length - 1;
  const kept = {
    offsets: new Int32Array(rows + 1),
    columns: new Int32Array(columns.length),
    values: new Float32Array(columns.length),
  };
  let next = 0;
  for (let row = 0; row < rows; row++) {
    const end = offsets[row + 1] ?? 0;
    let wanted = Math.min(limit, end - (offsets[row] ?? 0));
    for (let at = offsets[row] ?? 0; wanted > 0; at++) {
      const left = end - at;
      if (left > wanted && random() * left >= wanted) continue;
      kept.columns[next] = columns[at] ?? 0;
      kept.values[next++] = values[at] ?? 0;
      wanted--;
    }
    kept.offsets[row + 1] = next;
  }
  return { offsets: kept.offsets, columns: kept.columns.slice(0, next), values: kept.values.slice(0, next) };
}
