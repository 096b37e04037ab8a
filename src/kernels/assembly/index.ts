// The numeric hot loops. Memory is laid out and handed in by the typed wrappers of `src/kernels`; nothing here allocates.
export { alsRows } from './als';
export { multiplyBytes, quantiseRows } from './bytes';
export { bestProducts } from './bestProducts';
export { inverseCholesky } from './cholesky';
export { covisitRows } from './covisits';
export { symmetricEigen } from './eigen';
export { followRows } from './follows';
export { gramBlock } from './gram';
export { multiplyPanels } from './panels';
export { curveRows, lineRows, nodeTrees, symmetricTrees, toColumns } from './scorer';
export { select } from './select';
export { sparseRows } from './sparse';
export { descendRows, histogramRows, scoreRows } from './trees';
export { admitRows, gatherDots, multiplyRows, rowsAbove, sampleScores } from './vector';
