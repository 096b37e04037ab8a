import { HOUR_MS } from '../domain/clock.js';
import type { PersonFacts } from '../domain/entities.js';
import type { JsonObject, JsonValue } from '../domain/json.js';

/** Longer words are cut: they are no fewer for it. */
const LONGEST = 64;
/** Attributes of one context beyond so many say nothing. */
const MOST_ATTRIBUTES = 8;
const MANY_FACES = 3;
const LIGHTS = ['dark', 'dim', 'bright'];
/** The first age that each of these leaves behind. */
const AGES: readonly (readonly [below: number, name: string])[] = [
  [18, 'under 18'],
  [25, '18 to 24'],
  [35, '25 to 34'],
  [45, '35 to 44'],
  [55, '45 to 54'],
];
const OLDEST = '55 and over';

/**
 * Calls `visit` with each kind of circumstance a moment had and its value: the words that segments are made of. The hour is
 * always there: the local one where the context says it, else that of `time` (epoch ms) in UTC. What is not of the shape
 * of `ContextInput` is passed over, since a log takes any JSON.
 */
export function readContext(
  context: JsonObject | null,
  time: number,
  visit: (kind: string, value: string) => void,
): void {
  const hour = context?.localHour;
  const told = typeof hour === 'number' && Number.isInteger(hour) && hour >= 0 && hour < 24;
  visit('hour', String(told ? hour : Math.floor(time / HOUR_MS) % 24));
  if (context === null) return;
  word(context.location, (value) => visit('location', value));
  word(context.device, (value) => visit('device', value));
  const camera = objectOrNull(context.cameraFeatures);
  if (camera !== null) readCamera(camera, visit);
  const attributes = objectOrNull(context.attributes);
  if (attributes === null) return;
  for (const key of Object.keys(attributes).sort().slice(0, MOST_ATTRIBUTES)) {
    word(attributes[key], (value) => visit(`attribute ${key.slice(0, LONGEST)}`, value));
  }
}

/** The same of what a person says of themselves; their home counts only where the context names no place. */
export function readFacts({ age, location }: PersonFacts, visit: (kind: string, value: string) => void): void {
  if (age !== null) visit('age', AGES.find(([below]) => age < below)?.[1] ?? OLDEST);
  word(location ?? undefined, (value) => visit('location', value));
}

function readCamera(camera: JsonObject, visit: (kind: string, value: string) => void): void {
  const { facesDetected: faces, lighting } = camera;
  if (typeof faces === 'number' && faces >= 0) visit('faces', String(Math.min(MANY_FACES, Math.floor(faces))));
  if (typeof lighting === 'number' && lighting >= 0 && lighting <= 1) {
    visit('lighting', LIGHTS[Math.min(LIGHTS.length - 1, Math.floor(lighting * LIGHTS.length))] ?? '');
  }
  word(camera.scene, (value) => visit('scene', value));
}

/** Text and yes-or-no; numbers of no known meaning have too many values to learn from. */
function word(value: JsonValue | undefined, visit: (value: string) => void): void {
  if (typeof value === 'boolean') visit(String(value));
  if (typeof value !== 'string') return;
  const normal = value.trim().toLowerCase().slice(0, LONGEST);
  if (normal !== '') visit(normal);
}

function objectOrNull(value: JsonValue | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !isArray(value) ? value : null;
}

/** `Array.isArray` does not narrow a readonly array away. */
function isArray(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
