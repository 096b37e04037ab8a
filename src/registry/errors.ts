/** A model version that cannot be used, or cannot be written. The message names the version and the artefact. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}
