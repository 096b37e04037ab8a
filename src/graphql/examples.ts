import { readdirSync, readFileSync } from 'node:fs';

/** A tab of the playground. */
export interface Example {
  readonly name: string;
  readonly query: string;
}

/** The example operations of the package root, in the order of their file names. */
export function readExamples(folder: URL = new URL('../../examples/operations/', import.meta.url)): readonly Example[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({ name: file.replace('.graphql', ''), query: readFileSync(new URL(file, folder), 'utf8') }));
}
