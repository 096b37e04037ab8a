/// <reference lib="dom" />
// For the types of WebAssembly, which those of Node 20 leave out.
import { readFileSync } from 'node:fs';

export const PAGE_BYTES = 65_536;
/** The most pages the kernels accept: 4 GiB. */
export const MAXIMUM_PAGES = 65_536;

export type KernelName =
  | 'admitRows'
  | 'alsRows'
  | 'bestProducts'
  | 'covisitRows'
  | 'curveRows'
  | 'descendRows'
  | 'followRows'
  | 'gatherDots'
  | 'gramBlock'
  | 'histogramRows'
  | 'inverseCholesky'
  | 'lineRows'
  | 'multiplyBytes'
  | 'multiplyPanels'
  | 'multiplyRows'
  | 'nodeTrees'
  | 'quantiseRows'
  | 'rowsAbove'
  | 'sampleScores'
  | 'scoreRows'
  | 'select'
  | 'sparseRows'
  | 'symmetricEigen'
  | 'symmetricTrees'
  | 'toColumns';

/** Compiles `kernels.wasm`, which `npm run setup` makes from `src/kernels/assembly`. */
export function compileKernels(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL('../generated/kernels.wasm', import.meta.url)));
}

/** The kernels over one memory. Pointers are byte offsets into it. */
export function bindKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): (name: KernelName, ...args: readonly number[]) => number {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return (name, ...args) => {
    const kernel = exports[name];
    if (typeof kernel !== 'function') throw new Error(`kernels.wasm has no ${name}; run npm run setup`);
    return Number(kernel(...args) ?? 0);
  };
}
