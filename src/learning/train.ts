import type { Clock } from '../domain/clock.js';
import { CurioError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { openPool } from '../kernels/pool.js';
import { buildItemTable } from '../registry/itemTable.js';
import type { Manifest } from '../registry/manifest.js';
import type { Registry } from '../registry/registry.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { EventLog } from '../store/ports/eventLog.js';
import { foldEncounters } from './examples/encounters.js';
import { type LearningData, readLearningData } from './examples/eventColumns.js';
import { foldInteractions } from './examples/interactions.js';
import { type OnProgress, stageProgress } from './progress.js';
import { type SourceParameters, trainSources } from './sources.js';
import { stageLog } from './stageLog.js';
import { ALS_DEFAULTS } from './trainers/als.js';
import { CONTENT_DEFAULTS, trainContent } from './trainers/content.js';
import { GRAPH_DEFAULTS } from './trainers/graph.js';
import { NEIGHBOUR_DEFAULTS } from './trainers/itemNeighbours.js';
import { PEOPLE_DEFAULTS, type PeopleParameters, trainPeople } from './trainers/people.js';
import { POPULARITY_DEFAULTS } from './trainers/popularity.js';
import { SEGMENT_DEFAULTS } from './trainers/segments.js';
import { SEQUENCE_DEFAULTS } from './trainers/sequence.js';
import { SPECTRAL_DEFAULTS } from './trainers/spectral.js';
import { RANKER_DEFAULTS, type RankerParameters, trainRanker } from './trainRanker.js';
import type { TuningBudget } from './tuning/budget.js';
import { tune } from './tuning/tune.js';

export interface TrainingParameters extends SourceParameters {
  readonly people: PeopleParameters;
  readonly ranker: RankerParameters;
}

export const TRAINING_DEFAULTS: TrainingParameters = {
  als: ALS_DEFAULTS,
  spectral: SPECTRAL_DEFAULTS,
  neighbours: NEIGHBOUR_DEFAULTS,
  graph: GRAPH_DEFAULTS,
  sequence: SEQUENCE_DEFAULTS,
  popularity: POPULARITY_DEFAULTS,
  segments: SEGMENT_DEFAULTS,
  people: PEOPLE_DEFAULTS,
  content: CONTENT_DEFAULTS,
  ranker: RANKER_DEFAULTS,
};

export interface TrainingOptions {
  readonly tenant: string;
  readonly eventLog: Pick<EventLog, 'scan'>;
  readonly entities: Pick<EntityStore, 'scanItems' | 'scanUsers' | 'scanFollows'>;
  readonly registry: Pick<Registry, 'publish'>;
  /** The same events and seed give the same artefacts, on any number of threads. */
  readonly seed: number;
  readonly clock: Clock;
  readonly threads: number;
  /** Learn from what happened before this moment (epoch milliseconds). @default now */
  readonly until?: number | null;
  /** @default TRAINING_DEFAULTS */
  readonly parameters?: TrainingParameters;
  /** Searches the parameters of the sources first, on the newest part of what may be learned from. @default no search */
  readonly tuning?: TuningBudget | null;
  readonly onProgress?: OnProgress;
  readonly log: Log;
}

export interface TrainingResult {
  readonly version: string;
  /** What a search has changed, by name. */
  readonly tuned: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/**
 * From the log to a registered model version: read, tune where asked to, train the sources and the ranker, write, register. With a catalogue and
 * no events the version knows the items and nothing of taste. It serves once it is deployed.
 * @throws CurioError `NOT_FOUND` when there are no items.
 */
export async function train(options: TrainingOptions): Promise<TrainingResult> {
  const { tenant, eventLog, entities, registry, seed, clock, threads, log } = options;
  const { tuning = null } = options;
  const stages = stageLog(log, tenant, options.onProgress ?? (() => {}));
  const { onProgress } = stages;
  const given = options.parameters ?? TRAINING_DEFAULTS;
  const started = performance.now();
  const createdAt = new Date(clock());
  const until = options.until ?? createdAt.getTime();
  const onEvents = (done: number) => onProgress({ stage: 'read the log', done, unit: 'events' });
  onEvents(0);
  const data = await readLearningData({ tenant, eventLog, entities, until, onEvents });
  if (data.catalogue.length === 0) {
    throw new CurioError('NOT_FOUND', `There is nothing to learn from: tenant ${tenant} has no items.`, { tenant });
  }
  const items = buildItemTable(data.catalogue, data.positives);
  const pool = openPool({ threads });
  try {
    const social = data.social.graph;
    const { catalogue } = data;
    const course = { items, seed, pool, onProgress, social };
    const search = { ...course, catalogue, events: data.events, clock, parameters: given };
    const found = tuning === null ? null : await tune({ ...search, budget: tuning });
    const parameters = { ...given, ...found?.parameters };
    onProgress({ stage: 'what items say' });
    const content = await trainContent({ catalogue, parameters: parameters.content, seed, pool });
    const shared = { ...course, content };
    const ranker = await trainRanker({
      ...shared,
      events: data.events,
      sources: parameters,
      parameters: parameters.ranker,
    });
    if (ranker === null) log.info({ tenant }, 'too little happened to learn a ranker; the fixed formula ranks');
    const { events } = data;
    const count = events.users.length;
    const interactions = foldInteractions(events);
    const encounters = foldEncounters(events);
    const folded = { interactions, encounters, events, count };
    const trained = await trainSources({ ...shared, ...folded, parameters, label: '' });
    const { parts } = trained;
    const people = await trainPeople({
      interactions,
      social: data.social,
      parameters: parameters.people,
      seed,
      pool,
      onStep: stageProgress('who is close to whom', parameters.people.steps + 1, onProgress),
    });
    onProgress({ stage: 'write the version' });
    const metrics = { ...found?.metrics, ...ranker?.metrics, ...trained.metrics };
    const values = { ...flatten(parameters), 'spectral.dimensions': parts.spectral?.dimensions ?? 0 };
    const tuned = found?.changed ?? [];
    const manifest = await registry.publish(tenant, {
      createdAt,
      seed,
      window: windowOf(data, until),
      counts: { users: data.userIds.length, items: items.size, events: data.events.users.length },
      parameters: values,
      tuned: [...tuned],
      metrics,
      parts: { ...parts, people },
      ranker,
    });
    stages.finish();
    const seconds = (performance.now() - started) / 1000;
    log.info({ tenant, version: manifest.id, events: manifest.counts.events, seconds }, 'model version trained');
    return {
      version: manifest.id,
      tuned: Object.fromEntries(Object.entries(values).filter(([name]) => tuned.includes(name))),
      metrics,
      seconds,
    };
  } finally {
    await pool.dispose();
  }
}

function windowOf({ events }: LearningData, until: number): Manifest['window'] {
  const first = events.times[0];
  return {
    from: first === undefined ? null : new Date(first).toISOString(),
    until: new Date(until).toISOString(),
  };
}

/** `als.dimensions` and so on. */
function flatten(parameters: TrainingParameters): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([part, values]) =>
      Object.entries(values).map(([name, value]) => [`${part}.${name}`, Number(value)] as const),
    ),
  );
}
