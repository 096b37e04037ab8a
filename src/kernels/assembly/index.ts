// The numeric hot loops. Memory is laid out and handed in by the typed wrappers of `src/kernels`; nothing here allocates.
export { alsRows } from './als';
export { covisitRows } from './covisits';
export { gramBlock } from './gram';
export { select } from './select';
export { descendRows, histogramRows, scoreRows } from './trees';
export { multiplyRows } from './vector';
