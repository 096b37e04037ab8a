import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderPreview } from '../../../src/sample/preview.js';

/** Reads the elements of an SVG without text; throws where it is not well-formed. */
function elementsOf(svg: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  const tag = /<(\/?)([a-zA-Z]+)((?: [\w:-]+="[^"<>&]*")*) ?(\/?)>/y;
  while (tag.lastIndex < svg.length) {
    const at = tag.lastIndex;
    const match = tag.exec(svg);
    if (match === null) throw new Error(`not well-formed at ${at}: ${svg.slice(at, at + 60)}`);
    const [, closing, name = '', , empty] = match;
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    found.push(name);
    if (empty !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} left open`);
  return found;
}

const DRAWN = new Set(['svg', 'defs', 'linearGradient', 'stop', 'rect', 'circle', 'ellipse', 'path', 'g']);

describe('preview', () => {
  it('is a small, well-formed, deterministic SVG of nothing but shapes, whatever the seed', () => {
    const seed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant('"><script>alert(1)</script>'),
      fc.nat().map((n) => `lens-${n}`),
    );
    fc.assert(
      fc.property(seed, (text) => {
        const svg = renderPreview(text);
        expect(renderPreview(text)).toBe(svg);
        expect(svg.length).toBeLessThanOrEqual(3 * 1024);
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
        for (const name of elementsOf(svg)) expect(DRAWN.has(name)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('differs from lens to lens', () => {
    expect(new Set(Array.from({ length: 1000 }, (_, i) => renderPreview(`lens-${i}`))).size).toBe(1000);
  });
});
