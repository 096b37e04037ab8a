interface Mark {
  readonly at: number;
  readonly text: string;
}

/** The bytes that a file of a type begins with (IANA registrations; for MP4 the box `ftyp` of ISO 14496-12). */
const MARKS: Readonly<Record<string, readonly (readonly Mark[])[]>> = {
  'image/jpeg': [[{ at: 0, text: '\xff\xd8\xff' }]],
  'image/png': [[{ at: 0, text: '\x89PNG\r\n\x1a\n' }]],
  'image/gif': [[{ at: 0, text: 'GIF87a' }], [{ at: 0, text: 'GIF89a' }]],
  'image/webp': [
    [
      { at: 0, text: 'RIFF' },
      { at: 8, text: 'WEBP' },
    ],
  ],
  'video/mp4': [[{ at: 4, text: 'ftyp' }]],
};

/** Enough of a file to know its type. */
export const HEAD_BYTES = 16;

/** Whether the first bytes are those of a file of the type. */
export function looksLike(type: string, head: Buffer): boolean {
  return (MARKS[type] ?? []).some((marks) =>
    marks.every(({ at, text }) => head.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'))),
  );
}
