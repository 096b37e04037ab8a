import type { JsonObject, JsonValue } from '../../domain/json.js';
import type { ContextInput } from '../../generated/graphql.js';
import { checkJson } from '../../services/checks.js';
import { numberOrNull, textOrNull } from '../arguments.js';

/**
 * The moment of a request as it is logged and learnt from; what is left out or null is absent.
 * @throws CurioError BAD_USER_INPUT naming the member.
 */
export function moment(input: ContextInput | null | undefined): JsonObject | null {
  if (input == null) return null;
  const camera = input.cameraFeatures;
  return present({
    device: textOrNull('context.device', input.device),
    location: textOrNull('context.location', input.location),
    localHour: numberOrNull('context.localHour', input.localHour, { min: 0, max: 23 }),
    cameraFeatures:
      camera == null
        ? null
        : present({
            facesDetected: numberOrNull('context.cameraFeatures.facesDetected', camera.facesDetected, { min: 0 }),
            lighting: numberOrNull('context.cameraFeatures.lighting', camera.lighting, { min: 0, max: 1 }),
            scene: textOrNull('context.cameraFeatures.scene', camera.scene),
          }),
    attributes: attributes(input.attributes),
  });
}

function attributes(value: JsonObject | null | undefined): JsonObject | null {
  if (value == null) return null;
  checkJson('context.attributes', value);
  return value;
}

function present(members: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
