import { z } from 'zod';

/** Raised when what a version folder holds changes its meaning; older numbers stay readable. */
export const FORMAT_VERSION = 1;

/** What a file holds: numbers as they lie in memory (little-endian), JSON in UTF-8, an ONNX model, or an index as FAISS writes it. */
export const ARTEFACT_TYPES = ['int32', 'float32', 'float64', 'json', 'onnx', 'faiss'] as const;

const artefact = z.object({
  file: z.string().regex(/^\w[\w.-]*$/),
  type: z.enum(ARTEFACT_TYPES),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What `manifest.json` of a version folder says. */
export const manifestSchema = z.object({
  formatVersion: z.literal(FORMAT_VERSION),
  id: z.string().min(1),
  tenant: z.string().min(1),
  /** The version that was deployed when this one was made. */
  parent: z.string().nullable(),
  createdAt: z.iso.datetime(),
  codeVersion: z.string(),
  seed: z.number().int(),
  /** When the events it learned from happened: the first one, and the moment it was cut off (exclusive). */
  window: z.object({ from: z.iso.datetime().nullable(), until: z.iso.datetime() }),
  counts: z.object({ users: z.number().int(), items: z.number().int(), events: z.number().int() }),
  /** Constants that fold-in needs, see `CollaborativeModel`. */
  collaborative: z.object({
    dimensions: z.number().int().positive(),
    unobservedWeight: z.number().nonnegative(),
    regularization: z.number().nonnegative(),
    frequencyExponent: z.number(),
  }),
  /** What the trainers were set to. */
  parameters: z.record(z.string(), z.number()),
  /** Which of them a search has chosen; empty where none was made. */
  tuned: z.array(z.string()).default([]),
  metrics: z.record(z.string(), z.number()),
  /** Columns of the ranker, in order; empty when there is none. */
  features: z.array(z.object({ name: z.string().min(1), type: z.literal('float32') })),
  artefacts: z.record(z.string(), artefact),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ArtefactEntry = Manifest['artefacts'][string];
export type ArtefactType = ArtefactEntry['type'];
