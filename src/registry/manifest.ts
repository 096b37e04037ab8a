import { z } from 'zod';

/** Raised when what a version folder holds changes its meaning; older numbers stay readable. */
export const FORMAT_VERSION = 1;

const artefact = z.object({
  file: z.string().regex(/^[\w.-]+$/),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What `manifest.json` of a version folder says. */
export const manifestSchema = z.object({
  formatVersion: z.literal(FORMAT_VERSION),
  id: z.string().min(1),
  tenant: z.string().min(1),
  parent: z.string().nullable(),
  createdAt: z.string(),
  codeVersion: z.string(),
  seed: z.number().int(),
  window: z.object({ from: z.string().nullable(), until: z.string() }),
  counts: z.object({ users: z.number(), items: z.number(), events: z.number() }),
  parameters: z.record(z.string(), z.number()),
  metrics: z.record(z.string(), z.number()),
  features: z.array(z.object({ name: z.string(), type: z.literal('float32') })),
  artefacts: z.record(z.string(), artefact),
});

export type Manifest = z.infer<typeof manifestSchema>;
