import type { z } from 'zod';
import type { ArtefactValue } from './artefacts.js';
import { RegistryError } from './errors.js';
import { itemNamesSchema, openItemTable } from './itemTable.js';
import type { ArtefactType, Manifest } from './manifest.js';
import { CONTENT_ARTEFACT, checkContent, fromContent, readContent } from './parts/content.js';
import { checkPeople, hasPeople, peopleArtefacts, readPeople } from './parts/people.js';
import { checkSegments, hasSegments, readSegments, segmentArtefacts } from './parts/segments.js';

import { checkSequence, hasSequence, readSequence, sequenceArtefacts } from './parts/sequence.js';
import { checkLength, checkRows as checkSparseRows, fromRows } from './parts/sparseRows.js';
import type { CollaborativeModel, ItemTable, Snapshot, SparseRows, SpectralModel } from './snapshot.js';

/** The parts of a snapshot that are kept as files. */
export type VersionParts = Pick<
  Snapshot,
  | 'items'
  | 'collaborative'
  | 'spectral'
  | 'content'
  | 'neighbours'
  | 'graph'
  | 'sequence'
  | 'people'
  | 'popularOrder'
  | 'popularPrior'
  | 'segments'
>;

const SPECTRAL_FACTORS = 'spectral-factors';
const SPECTRAL_SCALE = 'spectral-scale';
const GRAPH = 'graph';

/** One file per array, by the name it has in the manifest. */
export function toArtefacts(parts: VersionParts): Map<string, ArtefactValue> {
  const { items, collaborative, spectral, content, neighbours, graph, sequence, people, segments } = parts;
  const { popularOrder, popularPrior } = parts;
  const names = {
    ids: items.ids,
    kinds: items.kind.names,
    categories: items.category.names,
    authors: items.author.names,
    tags: items.tagNames,
  };
  return new Map<string, ArtefactValue>([
    ['items', { type: 'json', value: new TextEncoder().encode(JSON.stringify(names)) }],
    ['item-kind', { type: 'int32', value: items.kind.codes }],
    ['item-category', { type: 'int32', value: items.category.codes }],
    ['item-author', { type: 'int32', value: items.author.codes }],
    ...fromRows('item-tag', items.tags),
    ['item-created', { type: 'float64', value: items.createdAt }],
    ['item-popularity', { type: 'float32', value: items.popularity }],
    ['item-factors', { type: 'float32', value: collaborative.itemFactors }],
    ['gram', { type: 'float64', value: collaborative.gram }],
    ...fromSpectral(spectral),
    ...fromContent(content),
    ...fromRows('neighbour', neighbours),
    ...(graph === null ? [] : fromRows(GRAPH, graph)),
    ...sequenceArtefacts(sequence),
    ...peopleArtefacts(people),
    ['popular-order', { type: 'int32', value: popularOrder }],
    ['popular-prior', { type: 'float32', value: popularPrior }],
    ...segmentArtefacts(segments),
  ]);
}

/**
 * Puts the parts together again. `read` answers the bytes of an artefact, checked.
 * @throws RegistryError naming the artefact that is absent or does not fit the others.
 */
export async function fromArtefacts(
  manifest: Manifest,
  read: (name: string, type: ArtefactType) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<VersionParts> {
  const int32 = async (name: string) => asInt32(await read(name, 'int32'));
  const float32 = async (name: string) => asFloat32(await read(name, 'float32'));
  const float64 = async (name: string) => asFloat64(await read(name, 'float64'));
  const rows = async (name: string): Promise<SparseRows> => ({
    offsets: await int32(`${name}-offsets`),
    indices: await int32(`${name}-indices`),
    values: await float32(`${name}-values`),
  });
  const items = await readItems(await read('items', 'json'), { int32, float32, float64, rows });
  const collaborative: CollaborativeModel = {
    ...manifest.collaborative,
    itemFactors: await float32('item-factors'),
    gram: await float64('gram'),
  };
  const has = (name: string) => manifest.artefacts[name] !== undefined;
  const json = (name: string) => read(name, 'json');
  const parts: VersionParts = {
    items,
    collaborative,
    spectral: has(SPECTRAL_FACTORS) ? await readSpectral(float32) : null,
    content: has(CONTENT_ARTEFACT) ? await readContent({ json, float32, has }) : null,
    neighbours: await rows('neighbour'),
    graph: manifest.artefacts[`${GRAPH}-offsets`] ? await rows(GRAPH) : null,
    sequence: hasSequence(manifest) ? await readSequence({ int32, rows }) : null,
    people: hasPeople(manifest) ? await readPeople({ json: (name) => read(name, 'json'), int32, float32, rows }) : null,
    popularOrder: await int32('popular-order'),
    popularPrior: await float32('popular-prior'),
    segments: hasSegments(manifest) ? await readSegments({ json: (name) => read(name, 'json'), rows }) : null,
  };
  checkSizes(parts);
  return parts;
}

/** What is behind the numbers in their buffer is room, see `room.ts`. */
const asInt32 = ({ buffer, byteLength }: Uint8Array<ArrayBuffer>) => new Int32Array(buffer, 0, byteLength / 4);
const asFloat32 = ({ buffer, byteLength }: Uint8Array<ArrayBuffer>) => new Float32Array(buffer, 0, byteLength / 4);
const asFloat64 = ({ buffer, byteLength }: Uint8Array<ArrayBuffer>) => new Float64Array(buffer, 0, byteLength / 8);

/** Its dimensions are what its two files leave. */
async function readSpectral(float32: Readers['float32']): Promise<SpectralModel> {
  const itemFactors = await float32(SPECTRAL_FACTORS);
  const inputScale = await float32(SPECTRAL_SCALE);
  return { dimensions: itemFactors.length / inputScale.length, itemFactors, inputScale };
}

interface Readers {
  int32(name: string): Promise<Int32Array>;
  float32(name: string): Promise<Float32Array>;
  float64(name: string): Promise<Float64Array>;
  rows(name: string): Promise<SparseRows>;
}

async function readItems(json: Uint8Array, { int32, float32, float64, rows }: Readers): Promise<ItemTable> {
  const names = parseJson(json, itemNamesSchema);
  return openItemTable({
    ids: names.ids,
    kind: { names: names.kinds, codes: await int32('item-kind') },
    category: { names: names.categories, codes: await int32('item-category') },
    author: { names: names.authors, codes: await int32('item-author') },
    tagNames: names.tags,
    tags: await rows('item-tag'),
    createdAt: await float64('item-created'),
    popularity: await float32('item-popularity'),
  });
}

function parseJson<T>(bytes: Uint8Array, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new RegistryError('items.json does not hold the names of the items', { cause });
  }
}

function checkSizes(parts: VersionParts): void {
  const { items, collaborative, spectral, content, neighbours, graph, sequence, people, segments } = parts;
  const { popularOrder, popularPrior } = parts;
  const { size } = items;
  const { dimensions } = collaborative;
  const checkRows = (name: string, rows: SparseRows) => checkSparseRows(name, rows, size);
  checkLength('item-kind', items.kind.codes.length, size);
  checkLength('item-category', items.category.codes.length, size);
  checkLength('item-author', items.author.codes.length, size);
  checkLength('item-created', items.createdAt.length, size);
  checkLength('item-popularity', items.popularity.length, size);
  checkLength('item-factors', collaborative.itemFactors.length, size * dimensions);
  checkLength('gram', collaborative.gram.length, dimensions * dimensions);
  if (spectral) {
    checkLength(SPECTRAL_SCALE, spectral.inputScale.length, size);
    checkLength(SPECTRAL_FACTORS, spectral.itemFactors.length, size * Math.floor(spectral.dimensions));
  }
  if (content) checkContent(content, size, dimensions, Math.floor(spectral?.dimensions ?? 0));
  checkLength('popular-order', popularOrder.length, size);
  checkLength('popular-prior', popularPrior.length, size);
  checkRows('item-tag', items.tags);
  checkRows('neighbour', neighbours);
  if (graph) checkRows(GRAPH, graph);
  if (sequence) checkSequence(sequence, size);
  if (segments) checkSegments(segments);
  if (people) checkPeople(people, size);
}

function fromSpectral(spectral: SpectralModel | null): [string, ArtefactValue][] {
  if (spectral === null) return [];
  return [
    [SPECTRAL_FACTORS, { type: 'float32', value: spectral.itemFactors }],
    [SPECTRAL_SCALE, { type: 'float32', value: spectral.inputScale }],
  ];
}
