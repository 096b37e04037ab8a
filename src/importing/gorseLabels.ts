import type { JsonObject, JsonValue } from '../domain/json.js';

/** An object as it is; null for anything else, such as the plain list of older versions. */
export function jsonObjectOf(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

const MAX_TAG_CHARS = 64;

/** Every text that can be a tag in a list of labels: `["a"]`, or the lists inside `{"genre": ["a", "b"], "year": 1999}`. Each once. */
export function labelTexts(labels: unknown): string[] {
  if (Array.isArray(labels)) return texts(labels);
  if (!isJsonObject(labels)) return [];
  return [...new Set(Object.values(labels).flatMap((value) => (Array.isArray(value) ? texts(value) : [])))];
}

function texts(values: readonly unknown[]): string[] {
  const found = values.filter((value) => typeof value === 'string').map((value) => value.trim());
  return [...new Set(found.filter((text) => text !== '' && text.length <= MAX_TAG_CHARS && !/\p{Cc}/u.test(text)))];
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isJson);
}

function isJson(value: unknown): value is JsonValue {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJson);
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
