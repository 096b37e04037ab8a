import type { VersionDraft } from '../../src/registry/versionFolder.js';
import { plantPeople } from './people.js';
import { plantSnapshot } from './snapshot.js';

/** A version as training would hand it over, without a ranker. `minute` tells drafts of one test apart. */
export function plantDraft(minute = 0): VersionDraft {
  const {
    version: _version,
    edition: _edition,
    tenant: _tenant,
    manifest: _manifest,
    ranker: _ranker,
    ...parts
  } = plantSnapshot().snapshot;
  return {
    createdAt: new Date(Date.UTC(2026, 10, 20, 10, minute)),
    seed: 1,
    window: { from: null, until: '2026-11-20T10:00:00.000Z' },
    counts: { users: 5, items: parts.items.size, events: 40 },
    parameters: { 'als.dimensions': parts.collaborative.dimensions },
    tuned: ['als.dimensions'],
    metrics: { 'als.loss': 1.25 },
    parts: { ...parts, people: plantPeople(parts.items.size) },
    ranker: null,
  };
}
