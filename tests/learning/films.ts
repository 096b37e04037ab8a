import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Item } from '../../src/domain/entities.js';
import { importMovieLens } from '../../src/importing/movielens.js';
import type { PlantedEvent, PlantedWorld } from './planted.js';

export const FILMS = path.resolve(import.meta.dirname, '../../../shared/data/ml-latest-small');
export const filmsPresent = existsSync(path.join(FILMS, 'ratings.csv'));

/** MovieLens latest-small, read by the importer. */
export async function readFilms(): Promise<PlantedWorld> {
  const items: Item[] = [];
  const events: PlantedEvent[] = [];
  const refuse = async () => {
    throw new Error('films have no such rows');
  };
  await importMovieLens(
    {
      stores: {
        entities: {
          upsertUsers: refuse,
          addFollows: refuse,
          hideItem: refuse,
          async upsertItems(_tenant, drafts) {
            for (const draft of drafts) items.push({ ...BLANK, ...draft });
            return { created: drafts.length, updated: 0 };
          },
        },
        eventLog: {
          async append(batch) {
            for (const { userId, target, action, value, occurredAt } of batch) {
              if ('itemId' in target) events.push({ userId, itemId: target.itemId, action, value, occurredAt });
            }
            return batch.map(() => 'stored' as const);
          },
        },
      },
      tenant: 'films',
      clock: Date.now,
      onReject: (file, line, reason) => {
        throw new Error(`${file}:${line}: ${reason}`);
      },
      onProgress: () => {},
    },
    FILMS,
  );
  items.sort((a, b) => (a.id < b.id ? -1 : 1));
  events.sort((a, b) => a.occurredAt - b.occurredAt);
  return { items, events };
}

const BLANK = {
  description: null,
  category: null,
  tags: [],
  previewUrl: null,
  authorId: null,
  attributes: null,
  createdAt: new Date(0),
  hiddenAt: null,
};
