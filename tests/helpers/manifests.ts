import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

export const PROJECT = path.resolve(import.meta.dirname, '../..');
export const read = (file: string): string => readFileSync(path.join(PROJECT, file), 'utf8');

const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('http') }) });
const sizes = z.object({ cpu: z.string(), memory: z.string() });

/** A pod as every one of ours must be: whatever is missing here is a parse error that names it. */
const podSpec = z.object({
  automountServiceAccountToken: z.literal(false),
  terminationGracePeriodSeconds: z.number().default(30),
  securityContext: z.object({
    runAsNonRoot: z.literal(true),
    runAsUser: z.literal(1000),
    seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
  }),
  containers: z.array(
    z.object({
      image: z.literal('curio'),
      args: z.array(z.string()).min(1),
      envFrom: z.array(z.union([z.object({ configMapRef: z.any() }), z.object({ secretRef: z.any() })])),
      env: z.never().optional(),
      resources: z.object({ requests: sizes, limits: sizes }),
      securityContext: z.object({
        allowPrivilegeEscalation: z.literal(false),
        readOnlyRootFilesystem: z.literal(true),
        capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
      }),
      startupProbe: probe.optional(),
      livenessProbe: probe.optional(),
      readinessProbe: probe.optional(),
      lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) }).optional(),
      volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
    }),
  ),
});
const template = z.object({ metadata: z.object({ labels }), spec: podSpec });
export type PodTemplate = z.infer<typeof template>;

const manifest = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({}).optional(),
  data: labels.optional(),
});
export type Manifest = z.infer<typeof manifest>;

/** Every object of the manifests under a folder of deploy/kubernetes, without what kustomize itself reads. */
export function manifests(folder: string): Manifest[] {
  const root = `deploy/kubernetes/${folder}`;
  return readdirSync(path.join(PROJECT, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
    .map((file) => `${root}/${file}`)
    .flatMap((file) => parseAllDocuments(read(file)).map((document) => manifest.parse(document.toJS())));
}

/** The pods of a deployment, a job or a cron job; null of anything else. */
export function podsOf({ spec }: Manifest): PodTemplate | null {
  const found = z
    .union([
      z
        .object({ jobTemplate: z.object({ spec: z.object({ template: z.unknown() }) }) })
        .transform((s) => s.jobTemplate.spec),
      z.object({ template: z.unknown() }),
    ])
    .safeParse(spec);
  return found.success ? template.parse(found.data.template) : null;
}

const service = z.looseObject({
  image: z.string(),
  environment: labels.default({}),
  volumes: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
});

/** The services of the compose file, by name. */
export function composeServices(): ReadonlyMap<string, z.infer<typeof service>> {
  const file = z
    .object({ services: z.record(z.string(), service) })
    .parse(parse(read('deploy/compose/compose.yaml'), { merge: true }));
  return new Map(Object.entries(file.services));
}
