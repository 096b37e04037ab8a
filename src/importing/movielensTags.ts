import { csvTable } from './csvTable.js';
import { idOf, RowError, textOf } from './fields.js';
import { importFile } from './fileImport.js';
import type { FileCounts, ImportDeps } from './types.js';

const TAGS = { required: ['userId', 'movieId', 'tag'], optional: [] };
const MAX_TAG_CHARS = 40;
/** Of the tags that only one person gave, a film keeps this many. */
const MAX_LONELY_TAGS = 5;

export interface FilmTags {
  readonly counts: FileCounts;
  /** The tags people gave the film, most people first. */
  of(movieId: string): readonly string[];
}

interface TagUse {
  people: number;
  lastUser: string;
}

/** Counts who gave a film which tag. Memory grows with the different tags of each film, not with the file. */
export async function readFilmTags(deps: Pick<ImportDeps, 'onReject' | 'onProgress'>, file: string): Promise<FilmTags> {
  const films = new Map<string, Map<string, TagUse>>();
  const counts = await importFile(deps, {
    file,
    format: csvTable,
    columns: TAGS,
    toRow: ([userId, movieId, tag]) => count(films, idOf(userId, 'userId'), idOf(movieId, 'movieId'), tag),
    write: async () => 0,
    batchSize: 10_000,
    inFlight: 1,
  });
  return {
    // These rows become part of their films and are rows of nothing by themselves.
    counts: { ...counts, existing: 0 },
    of(movieId) {
      const uses = [...(films.get(movieId) ?? [])].sort(
        ([a, { people: m }], [b, { people: n }]) => n - m || (a < b ? -1 : 1),
      );
      const shared = uses.filter(([, { people }]) => people >= 2);
      const lonely = uses.filter(([, { people }]) => people < 2).slice(0, MAX_LONELY_TAGS);
      return [...shared, ...lonely].map(([tag]) => tag);
    },
  };
}

function count(films: Map<string, Map<string, TagUse>>, userId: string, movieId: string, given: unknown): void {
  const tag = normaliseTag(textOf(given, 'tag') ?? '');
  if (tag === '') throw new RowError('tag is empty');
  if (tag.length > MAX_TAG_CHARS) return;
  const uses = films.get(movieId) ?? new Map<string, TagUse>();
  films.set(movieId, uses);
  const use = uses.get(tag);
  if (use === undefined) uses.set(tag, { people: 1, lastUser: userId });
  else if (use.lastUser !== userId) {
    // The file is ordered by user, so comparing with the last one is enough to count each person once.
    use.people++;
    use.lastUser = userId;
  }
}

/** Lower case, with single spaces. */
export function normaliseTag(tag: string): string {
  return tag.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
