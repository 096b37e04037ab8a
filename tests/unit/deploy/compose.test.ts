import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../../src/config/config.js';
import { composeServices, PROJECT, read } from '../../helpers/manifests.js';

const services = composeServices();
const ours = [...services].filter(([, { image }]) => image.startsWith('curio'));

describe('the compose file', () => {
  it('has the databases, two API nodes, a worker, a trainer, Prometheus and Grafana', () => {
    expect([...services.keys()].sort()).toEqual([
      'api-1',
      'api-2',
      'grafana',
      'migrate',
      'postgres',
      'prometheus',
      'redis',
      'trainer',
      'worker',
    ]);
    expect(services.get('api-2')?.command).toEqual(['serve', '--role', 'api']);
    expect(services.get('worker')?.command).toEqual(['serve', '--role', 'worker']);
    expect(services.get('trainer')?.command.join()).toContain('curio train;');
  });

  it.each(ours)('gives %s a read-only root, no rights, and settings that are known and right', (_, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.volumes).toEqual(['data:/data']);
    for (const name of Object.keys(service.environment)) {
      expect(read('src/config/config.ts')).toContain(`\n  ${name}: `);
    }
    const filledIn = Object.entries(service.environment).map(([name, value]): [string, string] => [
      name,
      value.replace(/\$\{\w+:\?[^}]*\}/g, 'x'.repeat(32)),
    ]);
    const config = readConfig({ NODE_ENV: 'production', ...Object.fromEntries(filledIn) });
    expect(config.databaseUrl).toContain('@postgres:5432/curio');
  });

  it('holds no secret, and names no host of images', () => {
    const text = read('deploy/compose/compose.yaml');
    for (const [, name, value] of text.matchAll(/^\s+(\w*(?:PASSWORD|SECRET|KEY)\w*): (.*)$/gm)) {
      expect(`${name} ${value}`).toMatch(/^\w+ \$\{\w+:\?set it\}$/);
    }
    for (const [, { image }] of services) expect(image).toMatch(/^[a-z]+(\/[a-z]+)?(:[\w.${}:-]+)?$/);
  });

  it('mounts what is there, and scrapes every server', () => {
    const files = [...services.values()].flatMap(({ volumes }) => volumes).filter((volume) => volume.startsWith('.'));
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      expect(existsSync(path.join(PROJECT, 'deploy/compose', file.split(':')[0] ?? '')), file).toBe(true);
    }
    const { scrape_configs } = parse(read('deploy/compose/prometheus.yml'));
    const servers = ours.filter(([, { command }]) => command[0] === 'serve').map(([name]) => `${name}:4000`);
    expect(scrape_configs).toMatchObject([{ job_name: 'curio', static_configs: [{ targets: servers }] }]);
  });
});
