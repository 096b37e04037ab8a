import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { SESSION_PREFIX } from '../domain/session.js';
import type { PrivacyStore } from '../store/ports/privacyStore.js';
import { forgetPeople, namedIn } from './forgetPeople.js';

/** Erased people and the versions that learned from them. */
export interface Forgetting {
  /** Takes a person out of every version of the tenant. Calls that wait share one turn. */
  forget(tenant: string, userId: string): Promise<void>;
  /** Takes whoever is not there any longer out of a version that was just published. */
  review(tenant: string, version: string): Promise<void>;
}

/** Half-written versions and their like. */
const HIDDEN = '.';

interface Turn {
  readonly ids: Set<string>;
  readonly done: Promise<void>;
}

/**
 * An erasure looks at the versions there are once the person's rows are gone; a version looks at the rows there are once it has
 * its place. Whichever comes second finds the other.
 */
export function createForgetting({
  folderOf,
  privacy,
  changed,
}: {
  readonly folderOf: (tenant: string) => string;
  readonly privacy?: Pick<PrivacyStore, 'unknownAmong'>;
  /** Files of a tenant's versions changed. */
  readonly changed: (tenant: string) => Promise<void>;
}): Forgetting {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Turn>();

  const forgetAll = async (tenant: string, ids: ReadonlySet<string>) => {
    const folder = folderOf(tenant);
    const versions = await readdir(folder).catch(() => []);
    let any = false;
    const faults: unknown[] = [];
    for (const version of versions) {
      if (version.startsWith(HIDDEN)) continue;
      try {
        if (await forgetPeople(path.join(folder, version), { people: ids, authors: ids })) any = true;
      } catch (error) {
        faults.push(error);
      }
    }
    if (any) await changed(tenant);
    if (faults.length > 0)
      throw new AggregateError(faults, `${faults.length} model versions still name people who are gone`);
  };

  return {
    forget(tenant, userId) {
      const next = waiting.get(tenant);
      if (next !== undefined) {
        next.ids.add(userId);
        return next.done;
      }
      const ids = new Set([userId]);
      const before = running.get(tenant) ?? Promise.resolve();
      const done = before
        .catch(() => {})
        .then(() => {
          waiting.delete(tenant);
          return forgetAll(tenant, ids);
        });
      waiting.set(tenant, { ids, done });
      running.set(tenant, done);
      return done;
    },
    async review(tenant, version) {
      if (privacy === undefined) return;
      const folder = path.join(folderOf(tenant), version);
      const { people, authors } = await namedIn(folder);
      const registered = people.filter((id) => !id.startsWith(SESSION_PREFIX));
      const gone = await privacy.unknownAmong(tenant, { people: registered, authors });
      // Whoever wrote something is known by it, with or without an account.
      const writes = new Set(authors.filter((id) => !gone.authors.has(id)));
      const away = new Set([...gone.people].filter((id) => !writes.has(id)));
      if (await forgetPeople(folder, { people: away, authors: gone.authors })) await changed(tenant);
    },
  };
}
