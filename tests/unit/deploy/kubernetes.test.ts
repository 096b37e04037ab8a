import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isCommand } from '../../../src/cli/index.js';
import { readConfig } from '../../../src/config/config.js';
import { silentLog } from '../../../src/domain/log.js';
import { healthRoutes } from '../../../src/server/health.js';
import { type Manifest, manifests, PROJECT, podsOf, read } from '../../helpers/manifests.js';

/** `src/cli/shutdown.ts`: whatever happens, the process is gone by then. */
const DRAIN_S = 10;
const base = manifests('base');
const all = [...base, ...manifests('migrate')];
const workloads = all.flatMap((object) => {
  const pods = podsOf(object);
  return pods === null ? [] : [{ name: `${object.kind} ${object.metadata.name}`, pods }];
});
const named = (kind: string, name: string): Manifest => {
  const found = base.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}`);
  return found;
};
const podLabels = (name: string) => podsOf(named('Deployment', name))?.metadata.labels;

describe('the manifests for Kubernetes', () => {
  it('run an API, workers, training and migrations, each without root, rights or a writable root', () => {
    // What each pod must be stands in `podsOf`, which throws where it is not.
    expect(workloads.map(({ name, pods }) => [name, pods.spec.containers[0]?.args.join(' ')]).sort()).toEqual([
      ['CronJob curio-train', 'train'],
      ['Deployment curio-api', 'serve --role api'],
      ['Deployment curio-worker', 'serve --role worker'],
      ['Job curio-migrate', 'migrate'],
    ]);
  });

  it.each(workloads)('$name calls a command there is, writes to /data and /tmp, and keeps secrets out', ({ pods }) => {
    for (const { args, volumeMounts, envFrom } of pods.spec.containers) {
      expect(isCommand(args[0] ?? '')).toBe(true);
      expect(volumeMounts.map(({ mountPath }) => mountPath).sort()).toEqual(['/data', '/tmp']);
      expect(envFrom).toEqual([{ configMapRef: { name: 'curio' } }, { secretRef: { name: 'curio' } }]);
    }
  });

  it.each(workloads)('$name is asked at addresses that answer, and has time to drain', async ({ pods }) => {
    const app = fastify();
    healthRoutes(app, { health: async () => ({}), isDraining: () => false, clock: Date.now, log: silentLog });
    for (const { args, startupProbe, livenessProbe, readinessProbe, lifecycle } of pods.spec.containers) {
      const probes = [startupProbe, livenessProbe, readinessProbe];
      if (args[0] !== 'serve') {
        expect(probes).toEqual([undefined, undefined, undefined]);
        continue;
      }
      for (const probe of probes) {
        expect((await app.inject(probe?.httpGet.path ?? '/none')).statusCode).toBe(200);
      }
      expect(livenessProbe?.httpGet.path).toBe('/v1/health/live');
      expect(readinessProbe?.httpGet.path).toBe('/v1/health/ready');
      const before = Number(lifecycle?.preStop.exec.command[1] ?? 0);
      expect(pods.spec.terminationGracePeriodSeconds).toBeGreaterThan(before + DRAIN_S);
    }
    await app.close();
  });

  it('set only what the configuration knows, to what it takes', () => {
    const settings = named('ConfigMap', 'curio').data ?? {};
    for (const name of Object.keys(settings)) expect(read('src/config/config.ts')).toContain(`\n  ${name}: `);
    expect(readConfig(settings).poolSize).toBe(4);
  });

  it('scale from 10 to 200 pods on processor and request rate, by what scale.md works out', () => {
    const scaler = z
      .object({
        scaleTargetRef: z.object({ name: z.literal('curio-api') }),
        minReplicas: z.literal(10),
        maxReplicas: z.literal(200),
        metrics: z.tuple([
          z.object({ resource: z.object({ name: z.literal('cpu') }) }),
          z.object({
            pods: z.object({
              metric: z.object({ name: z.string() }),
              target: z.object({ averageValue: z.coerce.number() }),
            }),
          }),
        ]),
      })
      .parse(named('HorizontalPodAutoscaler', 'curio-api').spec);
    const [, rate] = scaler.metrics;
    expect(read('deploy/kubernetes/prometheus-adapter.yaml')).toContain(`as: ${rate.pods.metric.name}`);
    expect(named('Deployment', 'curio-api').spec).not.toHaveProperty('replicas');
    const bears = Number(/bears (\d+) requests a second/.exec(read('docs/scale.md'))?.[1]);
    expect(rate.pods.target.averageValue / bears).toBeGreaterThan(0.8);
    expect(rate.pods.target.averageValue / bears).toBeLessThanOrEqual(1);
  });

  it('keep most pods through a disruption, and send requests to every track', () => {
    for (const part of ['api', 'worker']) {
      const selector = { matchLabels: { app: 'curio', part } };
      expect(named('PodDisruptionBudget', `curio-${part}`).spec).toMatchObject({ selector });
      expect(podLabels(`curio-${part}`)).toMatchObject(selector.matchLabels);
    }
    expect(named('Service', 'curio').spec).toMatchObject({ selector: { app: 'curio', part: 'api' } });
  });

  it('deny what is not named, in and out', () => {
    expect(named('NetworkPolicy', 'deny-all').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(named('NetworkPolicy', 'stores').spec).toMatchObject({ podSelector: { matchLabels: { app: 'curio' } } });
    for (const { pods } of workloads) expect(pods.metadata.labels).toMatchObject({ app: 'curio' });
    expect(base.filter(({ kind }) => kind === 'NetworkPolicy')).toHaveLength(4);
  });

  it('share the versions of models between all nodes', () => {
    const claim = named('PersistentVolumeClaim', 'curio-data');
    expect(claim.spec).toMatchObject({ accessModes: ['ReadWriteMany'] });
  });

  const lack = spawnSync('kubectl', ['kustomize', '--help']).status === 0 ? null : ': there is no kubectl';
  it.skipIf(lack !== null)(`put a canary beside the stable version${lack ?? ''}`, () => {
    const folder = path.join(PROJECT, 'deploy/kubernetes/overlays/canary');
    const { stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const deployments = stdout.split('\n---\n').filter((text) => text.includes('\nkind: Deployment\n'));
    const track = (name: string) =>
      deployments.filter((text) => text.includes(`\n  name: ${name}\n`)).flatMap((text) => text.match(/track: \w+/g));
    expect(track('curio-api')).toEqual(['track: stable', 'track: stable', 'track: stable']);
    expect(track('curio-api-canary')).toEqual(['track: canary', 'track: canary', 'track: canary']);
  });
});
