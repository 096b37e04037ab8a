/** What BERT's tokeniser keeps apart: marks of Chinese, Japanese and Korean, and everything that is no letter, digit or blank. */
const APART = /\p{sc=Han}|[^\p{L}\p{M}\p{N}\s]/gu;
const ACCENTS = /\p{Mn}/gu;
/** A longer word is unknown. */
const LONGEST_WORD = 100;

/**
 * BERT's tokeniser for models without case (Devlin et al. 2018): small letters without accents, and for each word the
 * longest pieces of the vocabulary from left to right.
 */
export interface WordPieces {
  /** Ids of `[CLS]`, the pieces, `[SEP]`; at most `longest` of them. */
  encode(text: string, longest: number): number[];
  /** Id of `[PAD]`. */
  readonly padding: number;
}

/**
 * `vocabulary` has one piece a line, as `vocab.txt` of a model has.
 * @throws RangeError when `[CLS]`, `[SEP]` or `[UNK]` is missing.
 */
export function createWordPieces(vocabulary: string): WordPieces {
  const ids = new Map(vocabulary.split(/\r?\n/).map((piece, id) => [piece, id]));
  const idOf = (piece: string): number => {
    const id = ids.get(piece);
    if (id === undefined) throw new RangeError(`the vocabulary has no ${piece}`);
    return id;
  };
  const [first, last, unknown] = [idOf('[CLS]'), idOf('[SEP]'), idOf('[UNK]')];

  const piecesOf = (word: string): number[] => {
    const pieces: number[] = [];
    if (word.length > LONGEST_WORD) return [unknown];
    for (let from = 0; from < word.length; ) {
      let to = word.length;
      let id: number | undefined;
      while (to > from && id === undefined) {
        id = ids.get((from > 0 ? '##' : '') + word.slice(from, to));
        if (id === undefined) to--;
      }
      if (id === undefined) return [unknown];
      pieces.push(id);
      from = to;
    }
    return pieces;
  };

  return {
    padding: ids.get('[PAD]') ?? 0,
    encode(text, longest) {
      const plain = text.toLowerCase().normalize('NFD').replace(ACCENTS, '').replace(APART, ' $& ');
      const pieces: number[] = [];
      for (const word of plain.split(/\s+/)) {
        if (word !== '') pieces.push(...piecesOf(word));
        if (pieces.length >= longest - 2) break;
      }
      return [first, ...pieces.slice(0, longest - 2), last];
    },
  };
}
