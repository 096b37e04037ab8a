import { addScaled, copyScaled, dot, multiplyRows, scaleAndAdd } from './vector';

/**
 * Improves the rows [from, to) of X by `steps` steps of conjugate gradient, starting from what they hold, on
 *
 *     (α₀ YᵀY + Σ |c| y yᵀ + ridge · I) x = Σ_{c > 0} c y
 *
 * (Hu, Koren, Volinsky 2008; solver of Takács, Pilászy, Tikk 2011). A negative confidence c is an observation whose
 * target is 0. `gram` is α₀ YᵀY, both triangles. `loss[row]` becomes Σ_{c > 0} c + xᵀAx − 2 xᵀb: the row's part of the
 * objective. `scratch` is ours alone and holds three vectors.
 */
export function alsRows(
  x: usize, // rows × stride floats
  y: usize,
  bytes: usize, // stride in bytes
  gram: usize, // stride × stride floats
  offsets: usize, // i32, rows + 1
  columns: usize, // i32, per entry: row of Y
  confidences: usize, // f32, per entry
  ridges: usize, // f32, per row
  loss: usize, // f64, per row
  steps: i32,
  scratch: usize,
  from: i32,
  to: i32,
): void {
  const residual = scratch;
  const direction = residual + bytes;
  const image = direction + bytes;
  const width = <i32>(bytes >> 2);
  for (let row = from; row < to; row++) {
    const vector = x + <usize>row * bytes;
    const start = load<i32>(offsets + (row << 2));
    const end = load<i32>(offsets + (row << 2), 4);
    const ridge = load<f32>(ridges + (row << 2));
    let positive: f64 = 0;
    for (let at = start; at < end; at++) positive += <f64>max(load<f32>(confidences + (at << 2)), 0);
    if (positive == 0) {
      memory.fill(vector, 0, bytes);
      store<f64>(loss + (row << 3), 0);
      continue;
    }

    // residual ← b − A x
    multiplyRows(gram, width, bytes, vector, image);
    addScaled(ridge, vector, image, bytes);
    copyScaled(-1, image, residual, bytes);
    for (let at = start; at < end; at++) {
      const c = load<f32>(confidences + (at << 2));
      const other = y + <usize>load<i32>(columns + (at << 2)) * bytes;
      addScaled(max(c, 0) - abs(c) * dot(other, vector, bytes), other, residual, bytes);
    }
    memory.copy(direction, residual, bytes);
    let square = dot(residual, residual, bytes);

    for (let step = 0; step < steps && square > 1e-20; step++) {
      multiplyRows(gram, width, bytes, direction, image);
      addScaled(ridge, direction, image, bytes);
      for (let at = start; at < end; at++) {
        const c = abs(load<f32>(confidences + (at << 2)));
        const other = y + <usize>load<i32>(columns + (at << 2)) * bytes;
        addScaled(c * dot(other, direction, bytes), other, image, bytes);
      }
      const length = square / dot(direction, image, bytes);
      addScaled(length, direction, vector, bytes);
      addScaled(-length, image, residual, bytes);
      const next = dot(residual, residual, bytes);
      scaleAndAdd(next / square, residual, direction, bytes);
      square = next;
    }

    // xᵀAx − 2xᵀb = −xᵀb − xᵀ(b − Ax)
    let right: f64 = 0;
    for (let at = start; at < end; at++) {
      const c = load<f32>(confidences + (at << 2));
      if (c > 0) right += <f64>(c * dot(y + <usize>load<i32>(columns + (at << 2)) * bytes, vector, bytes));
    }
    store<f64>(loss + (row << 3), positive - right - <f64>dot(vector, residual, bytes));
  }
}
