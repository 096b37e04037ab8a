import type { Log } from '../domain/log.js';
import type { Snapshot } from './snapshot.js';
import type { LoadedVersion } from './versionFolder.js';

/** Which snapshot serves which tenant, and how it changes. */
export interface Serving {
  current(tenant: string): Snapshot | null;
  /** Whether anyone here has asked for the tenant. */
  knows(tenant: string): boolean;
  tenants(): string[];
  /** Looks what is deployed and loads it when it is another version. Never rejects: what serves goes on serving. */
  refresh(tenant: string): Promise<void>;
  /** Loads what serves once more, because its files changed. Never rejects. */
  reload(tenant: string): Promise<void>;
  /** Puts a version in place that has just been deployed. */
  adopt(tenant: string, version: LoadedVersion): Promise<void>;
  dispose(): Promise<void>;
}

interface Place {
  loaded: LoadedVersion | null;
  /** Changes of one tenant happen one after the other. */
  queue: Promise<void>;
  /** A refresh that has not looked yet serves all who ask meanwhile. */
  waiting: Promise<void> | null;
  /** The version that failed last, so that it is reported once and not at every look. */
  failed: string | null;
}

export function createServing(deps: {
  /** Id of the version deployed for a tenant. */
  deployed(tenant: string): Promise<string | null>;
  /** Ids of the versions that served before another, newest first. */
  earlier(tenant: string, id: string): Promise<readonly string[]>;
  load(tenant: string, id: string): Promise<LoadedVersion>;
  readonly graceMs: number;
  readonly log: Log;
}): Serving {
  const { deployed, earlier, load, graceMs, log } = deps;
  const places = new Map<string, Place>();
  const retiring = new Map<LoadedVersion, NodeJS.Timeout>();
  let disposed = false;

  const placeOf = (tenant: string): Place => {
    const known = places.get(tenant);
    if (known) return known;
    const place: Place = { loaded: null, queue: Promise.resolve(), waiting: null, failed: null };
    places.set(tenant, place);
    return place;
  };

  /** Requests that began with the old version finish with it; then its memory is freed. */
  const retire = (version: LoadedVersion) => {
    const timer = setTimeout(() => {
      retiring.delete(version);
      void free(version);
    }, graceMs);
    timer.unref();
    retiring.set(version, timer);
  };
  const free = (version: LoadedVersion) =>
    version.dispose().catch((error: unknown) => {
      log.warn({ version: version.snapshot.version, error }, 'a model version was not freed');
    });

  const swap = async (place: Place, next: LoadedVersion) => {
    if (disposed) return free(next);
    const old = place.loaded;
    place.loaded = next;
    place.failed = null;
    if (old) retire(old);
  };

  const look = async (tenant: string, place: Place) => {
    let id: string | null = null;
    try {
      id = await deployed(tenant);
      if (id === null || id === place.loaded?.snapshot.version || disposed) return;
      await swap(place, await load(tenant, id));
      log.info({ tenant, version: id }, 'model version loaded');
    } catch (error) {
      const fields = { tenant, version: id, serving: place.loaded?.snapshot.version ?? null, error };
      if (place.failed === (id ?? '')) log.debug(fields, 'the deployed model version still cannot be loaded');
      else log.error(fields, 'the deployed model version cannot be loaded; what serves goes on serving');
      place.failed = id ?? '';
      if (id !== null && place.loaded === null) await standIn(tenant, place, id);
    }
  };

  /** A process that starts while what is deployed is damaged serves what served before it. */
  const standIn = async (tenant: string, place: Place, instead: string) => {
    const ids = await earlier(tenant, instead).catch(() => []);
    for (const id of ids) {
      try {
        const version = await load(tenant, id);
        if (disposed) return free(version);
        place.loaded = version;
        log.warn({ tenant, version: id, deployed: instead }, 'an earlier model version serves instead');
        return;
      } catch (error) {
        log.warn({ tenant, version: id, error }, 'this earlier model version cannot be loaded either');
      }
    }
  };

  const enqueue = (place: Place, change: () => Promise<void>): Promise<void> => {
    place.queue = place.queue.then(change);
    return place.queue;
  };

  const refresh = (tenant: string): Promise<void> => {
    const place = placeOf(tenant);
    place.waiting ??= enqueue(place, () => {
      place.waiting = null;
      return look(tenant, place);
    });
    return place.waiting;
  };

  const again = async (tenant: string, place: Place) => {
    const id = place.loaded?.snapshot.version;
    if (id === undefined || disposed) return;
    try {
      await swap(place, await load(tenant, id));
    } catch (error) {
      log.error({ tenant, version: id, error }, 'the model version cannot be loaded anew; what serves goes on serving');
    }
  };

  return {
    current(tenant) {
      const place = places.get(tenant);
      if (place === undefined && !disposed) void refresh(tenant);
      return place?.loaded?.snapshot ?? null;
    },
    knows: (tenant) => places.has(tenant),
    tenants: () => [...places.keys()],
    refresh,
    async reload(tenant) {
      const place = places.get(tenant);
      if (place !== undefined) await enqueue(place, () => again(tenant, place));
    },
    adopt(tenant, version) {
      const place = placeOf(tenant);
      return enqueue(place, () => swap(place, version));
    },
    async dispose() {
      disposed = true;
      for (const timer of retiring.values()) clearTimeout(timer);
      const old = [...retiring.keys()];
      retiring.clear();
      await Promise.all([...places.values()].map((place) => place.queue));
      const live = [...places.values()].flatMap((place) => place.loaded ?? []);
      for (const place of places.values()) place.loaded = null;
      await Promise.all([...old, ...live].map(free));
    },
  };
}
