import { z } from 'zod';
import { badInput } from '../../domain/errors.js';
import { ID_RULE, isId, MAX_ID_LENGTH } from '../../domain/ids.js';
import type { JsonObject } from '../../domain/json.js';
import { MAX_FIRST } from '../../graphql/bounds.js';
import { moment } from '../../graphql/inputs/moment.js';
import { json } from '../../graphql/scalars/json.js';

/** The longest list of lenses over REST. */
export const MAX_NUM = 20;
const DEFAULT_NUM = 10;

export const id = z.string().min(1).max(MAX_ID_LENGTH).refine(isId, ID_RULE);
export const userId = id.describe("The token's user, when left out; another for a service or an admin.");
export const num = z.coerce.number().int().min(1).max(MAX_NUM).default(DEFAULT_NUM);
export const limit = z.coerce.number().int().min(1).max(MAX_FIRST).default(DEFAULT_NUM);
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const jsonText = z.string().max(32_768);
export const contextText = jsonText.describe('The moment of the request: a JSON object, as it is or in base64.');
export const contextObject = z
  .record(z.string(), z.unknown())
  .describe('The moment: device, location, local_hour, camera_features and whatever else tells it apart.');

/** Members of a context by the names REST gives them. */
const known = z.looseObject({
  device: z.string().optional(),
  location: z.string().optional(),
  local_hour: z.number().int().optional(),
  camera_features: z
    .object({
      faces_detected: z.number().int().optional(),
      lighting: z.number().optional(),
      scene: z.string().optional(),
    })
    .optional(),
});

/** Reads a JSON object that may be in base64. Null where there is none. @throws CurioError BAD_USER_INPUT */
export function objectOf(field: string, text: string | undefined): Readonly<Record<string, unknown>> | null {
  if (text === undefined || text === '') return null;
  const source = text.trimStart().startsWith('{') ? text : Buffer.from(text, 'base64').toString('utf8');
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(source));
  } catch {
    throw badInput(field, 'must be a JSON object, as it is or in base64');
  }
}

/** As GraphQL's `ContextInput`: what it does not name is among the attributes. @throws CurioError BAD_USER_INPUT */
export function momentOf(given: Readonly<Record<string, unknown>> | null | undefined): JsonObject | null {
  if (given == null) return null;
  const parsed = known.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badInput(`context.${issue?.path.join('.')}`, `is not right: ${issue?.message}`);
  }
  const { device, location, local_hour: localHour, camera_features: camera, ...attributes } = parsed.data;
  return moment({
    device: device ?? null,
    location: location ?? null,
    localHour: localHour ?? null,
    cameraFeatures:
      camera === undefined
        ? null
        : {
            facesDetected: camera.faces_detected ?? null,
            lighting: camera.lighting ?? null,
            scene: camera.scene ?? null,
          },
    attributes: Object.keys(attributes).length === 0 ? null : jsonOf('context', attributes),
  });
}

export function jsonOf(field: string, value: unknown): JsonObject {
  try {
    return json.parseValue(value);
  } catch (error) {
    throw badInput(field, error instanceof Error ? error.message : 'must be a JSON object');
  }
}
