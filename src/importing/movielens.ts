import type { ItemDraft } from '../domain/entities.js';
import { csvTable } from './csvTable.js';
import type { Interaction } from './event.js';
import { eventTimeOf, idOf, lineOf, numberOf, RowError, textOf } from './fields.js';
import { importFile, optionalFile, requiredFile } from './fileImport.js';
import { type FilmTags, normaliseTag, readFilmTags } from './movielensTags.js';
import type { FileCounts, ImportDeps } from './types.js';
import { interactionWriter, itemWriter } from './writers.js';

const MOVIES = { required: ['movieId', 'title', 'genres'], optional: [] };
const RATINGS = { required: ['userId', 'movieId', 'rating', 'timestamp'], optional: [] };
const MAX_TAGS = 20;
const NO_GENRES = '(no genres listed)';
/** `(1995)` at the end of a title, or the first year of `(2006–2007)`. */
const YEAR = /\((\d{4})(?:[-–]\d{0,4})?\)$/;

/** GroupLens' layout (Harper and Konstan 2015): `ratings.csv`, and where they exist `movies.csv` and `tags.csv`. */
export async function importMovieLens(deps: ImportDeps, dir: string): Promise<FileCounts[]> {
  const ratings = await requiredFile(dir, 'ratings.csv');
  const movies = await optionalFile(dir, 'movies.csv');
  const tags = await optionalFile(dir, 'tags.csv');
  const counts: FileCounts[] = [];
  if (movies !== null) {
    const known = tags === null ? null : await readFilmTags(deps, tags);
    if (known !== null) counts.push(known.counts);
    const toRow = (values: readonly unknown[]) => toFilm(values, known);
    const writer = itemWriter(deps);
    counts.push(await importFile(deps, { file: movies, format: csvTable, columns: MOVIES, toRow, ...writer }));
  }
  const toRow = (values: readonly unknown[]) => toRating(values, deps.clock());
  const writer = interactionWriter(deps);
  counts.push(await importFile(deps, { file: ratings, format: csvTable, columns: RATINGS, toRow, ...writer }));
  return counts;
}

function toFilm([movieId, titleField, genresField]: readonly unknown[], tags: FilmTags | null): ItemDraft {
  const id = idOf(movieId, 'movieId');
  const title = lineOf(titleField, 'title', 512);
  if (title === null) throw new RowError('title is empty');
  const genres = (textOf(genresField, 'genres') ?? '')
    .split('|')
    .filter((genre) => genre !== '' && genre !== NO_GENRES);
  const year = YEAR.exec(title)?.[1];
  return {
    id,
    kind: 'film',
    title,
    category: genres[0] ?? null,
    tags: [...new Set([...genres.map(normaliseTag), ...(tags?.of(id) ?? [])])].slice(0, MAX_TAGS),
    ...(year === undefined
      ? {}
      : { attributes: { year: Number(year) }, createdAt: new Date(`${year}-01-01T00:00:00Z`) }),
  };
}

function toRating([userId, movieId, rating, timestamp]: readonly unknown[], now: number): Interaction {
  const value = numberOf(rating, 'rating', 0, 5);
  if (value === null) throw new RowError('rating is empty');
  return {
    userId: idOf(userId, 'userId'),
    itemId: idOf(movieId, 'movieId'),
    action: 'RATE',
    value,
    occurredAt: eventTimeOf(timestamp, 'timestamp', now),
  };
}
