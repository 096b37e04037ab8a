/** Loads ONNX Runtime; its version, or an Error when its native library does not load here. */
export async function probeOnnxRuntime(): Promise<string> {
  const { env } = await import('onnxruntime-node');
  return env.versions.node ?? env.versions.common;
}
