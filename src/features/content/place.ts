/**
 * Where content says an item stands in the space of a model: (vector, 1) · map. `map` is row after row, one for each
 * dimension of the content and one for the rest, as wide as the model. A vector of zeros says nothing: it stands at the
 * origin, since nobody knows it for anything.
 */
export function placeByContent(map: Float32Array, vector: Float32Array): Float32Array {
  const width = map.length / (vector.length + 1);
  const place = new Float32Array(width);
  if (vector.every((value) => value === 0)) return place;
  for (let j = 0; j < width; j++) {
    let sum = map[vector.length * width + j] ?? 0;
    for (let k = 0; k < vector.length; k++) sum += (vector[k] ?? 0) * (map[k * width + j] ?? 0);
    place[j] = sum;
  }
  return place;
}
