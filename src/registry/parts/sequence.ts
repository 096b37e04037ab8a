import type { ArtefactValue } from '../artefacts.js';
import type { Manifest } from '../manifest.js';
import type { SequenceModel, SparseRows } from '../snapshot.js';
import { checkLength, checkRows, fromRows } from './sparseRows.js';

const FOLLOWERS = 'follower';
const PAIRS = 'pairs';
const PAIR_FOLLOWERS = 'pair-follower';

export function sequenceArtefacts(sequence: SequenceModel | null): [string, ArtefactValue][] {
  if (sequence === null) return [];
  return [
    ...fromRows(FOLLOWERS, sequence.followers),
    [PAIRS, { type: 'int32', value: sequence.pairs }],
    ...fromRows(PAIR_FOLLOWERS, sequence.pairFollowers),
  ];
}

export function hasSequence({ artefacts }: Manifest): boolean {
  return artefacts[PAIRS] !== undefined;
}

export async function readSequence(read: {
  int32(name: string): Promise<Int32Array>;
  rows(name: string): Promise<SparseRows>;
}): Promise<SequenceModel> {
  return {
    followers: await read.rows(FOLLOWERS),
    pairs: await read.int32(PAIRS),
    pairFollowers: await read.rows(PAIR_FOLLOWERS),
  };
}

/** @throws RegistryError naming the artefact that does not fit the others. */
export function checkSequence({ followers, pairs, pairFollowers }: SequenceModel, items: number): void {
  checkRows(FOLLOWERS, followers, items);
  checkLength(PAIRS, pairs.length % 2, 0);
  checkRows(PAIR_FOLLOWERS, pairFollowers, pairs.length / 2);
}
