import type { FeedbackEvent } from '../../src/domain/events.js';

/** An event that can be stored: a look of user `u` at item `i` at time 1,000, unless told otherwise. */
export function eventOf(event: Partial<FeedbackEvent> & Pick<FeedbackEvent, 'tenant' | 'eventId'>): FeedbackEvent {
  return {
    userId: 'u',
    target: { itemId: 'i' },
    action: 'VIEW',
    value: null,
    durationMs: null,
    requestId: null,
    position: null,
    context: null,
    occurredAt: 1_000,
    ...event,
  };
}

let tenants = 0;

/** A tenant that no other test of this file uses. */
export const newTenant = (): string => `tenant-${++tenants}`;

/** Text that databases, drivers and array literals like to get wrong. */
export const AWKWARD_TEXTS = [
  'NULL',
  'null',
  '',
  ' ',
  '{}',
  '{a,b}',
  '"quoted"',
  "it's",
  'back\\slash',
  'comma,',
  'line\nbreak\ttab',
  'Ünïcödé',
  '日本語',
  '👩‍🚀🎬',
  '\u202Ertl',
  '\uFFFD',
  '\u0001',
  "'; DROP TABLE users; --",
  '$1',
  '%s',
  'a'.repeat(300),
];
