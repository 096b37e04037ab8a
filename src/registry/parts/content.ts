import { z } from 'zod';
import type { ArtefactValue } from '../artefacts.js';
import { RegistryError } from '../errors.js';
import type { ContentModel } from '../snapshot.js';
import { openVocabulary } from '../vocabulary.js';
import { checkLength } from './sparseRows.js';

const TERMS = 'content-terms';
const PROJECTION = 'content-projection';
const VECTORS = 'content-vectors';
const TO_COLLABORATIVE = 'content-to-collaborative';
const TO_SPECTRAL = 'content-to-spectral';

/** The artefact that a version with a content model always has. */
export const CONTENT_ARTEFACT = TERMS;

const termsSchema = z.array(z.string());

/** One file per array. */
export function fromContent(content: ContentModel | null): [string, ArtefactValue][] {
  if (content === null) return [];
  const { vocabulary, projection, itemFactors, toCollaborative, toSpectral } = content;
  return [
    [TERMS, { type: 'json', value: new TextEncoder().encode(JSON.stringify(vocabulary.terms)) }],
    [PROJECTION, { type: 'float32', value: projection }],
    [VECTORS, { type: 'float32', value: itemFactors }],
    ...orNothing(TO_COLLABORATIVE, toCollaborative),
    ...orNothing(TO_SPECTRAL, toSpectral),
  ];
}

function orNothing(name: string, value: Float32Array | null): [string, ArtefactValue][] {
  return value === null ? [] : [[name, { type: 'float32', value }]];
}

/** @throws RegistryError when the terms are not a list of texts. */
export async function readContent(read: {
  json(name: string): Promise<Uint8Array>;
  float32(name: string): Promise<Float32Array>;
  has(name: string): boolean;
}): Promise<ContentModel> {
  const terms = parseTerms(await read.json(TERMS));
  const projection = await read.float32(PROJECTION);
  const orNull = (name: string) => (read.has(name) ? read.float32(name) : null);
  return {
    dimensions: projection.length / terms.length,
    vocabulary: openVocabulary(terms),
    projection,
    itemFactors: await read.float32(VECTORS),
    toCollaborative: await orNull(TO_COLLABORATIVE),
    toSpectral: await orNull(TO_SPECTRAL),
  };
}

/**
 * The widths are those of the two models that content leads to.
 * @throws RegistryError when an array does not fit the others.
 */
export function checkContent(content: ContentModel, items: number, collaborative: number, spectral: number): void {
  const { vocabulary, projection, itemFactors, toCollaborative, toSpectral } = content;
  const width = Math.floor(content.dimensions);
  checkLength(PROJECTION, projection.length, vocabulary.terms.length * width);
  checkLength(VECTORS, itemFactors.length, items * width);
  if (toCollaborative !== null) checkLength(TO_COLLABORATIVE, toCollaborative.length, (width + 1) * collaborative);
  if (toSpectral !== null) checkLength(TO_SPECTRAL, toSpectral.length, (width + 1) * spectral);
}

function parseTerms(bytes: Uint8Array): string[] {
  try {
    return termsSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new RegistryError(`${TERMS}.json does not hold the terms of the content model`, { cause });
  }
}
