/** Share of the catalogue that was shown to anyone. `shown` counts, per item, the lists it was in. */
export function coverage(shown: Int32Array): number {
  const any = shown.reduce((count, times) => count + (times > 0 ? 1 : 0), 0);
  return shown.length === 0 ? 0 : any / shown.length;
}
