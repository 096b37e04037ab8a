import { createReadStream } from 'node:fs';

const CHUNK_BYTES = 256 * 1024;
/** A longer line is garbage; without a bound one missing line break would load the whole file. */
const MAX_LINE_CHARS = 4 * 1024 * 1024;

/** Some whole lines of a file. */
export interface LineBlock {
  /** Number of `lines[0]`, from 1. */
  readonly firstLine: number;
  /** Without their line feeds; a carriage return before it is still there. */
  readonly lines: readonly string[];
  /** How much of the file was read, this block included. */
  readonly bytesRead: number;
}

/**
 * Reads UTF-8 text (a byte order mark is dropped) in blocks of about 256 KiB, so memory does not grow with the file.
 * @param onOverlong hears of each line over 4 Mi characters; it is left out and an empty line stands in its place.
 */
export async function* readLines(file: string, onOverlong: (line: number) => void): AsyncGenerator<LineBlock> {
  const decoder = new TextDecoder();
  let rest = '';
  let skipping = false;
  let firstLine = 1;
  let bytesRead = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    bytesRead += chunk.length;
    const text = decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    if (lines.length === 1) {
      if (!skipping) rest += text;
      if (rest.length > MAX_LINE_CHARS) {
        onOverlong(firstLine);
        rest = '';
        skipping = true;
      }
      continue;
    }
    lines[0] = skipping ? '' : rest + (lines[0] ?? '');
    skipping = false;
    rest = lines.pop() ?? '';
    yield { firstLine, lines, bytesRead };
    firstLine += lines.length;
  }
  rest += decoder.decode();
  if (rest !== '' && !skipping) yield { firstLine, lines: [rest], bytesRead };
}
