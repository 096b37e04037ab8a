/**
 * Edits that make one word of the other, a letter added, dropped, changed, or two neighbours swapped (optimal string
 * alignment, Damerau 1964); `most + 1` where it takes more than `most`.
 */
export function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}

/** How many edits of a word are taken for a slip: none of a very short word or of a number. */
export function toleratedEdits(word: string): number {
  if (word.length < 3 || /\p{N}/u.test(word)) return 0;
  return word.length < 8 ? 1 : 2;
}
