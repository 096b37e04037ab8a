import { hash32, type Random, seededRandom } from '../domain/random.js';
import { pick } from './pick.js';
import { BEHIND, EYES, IN_FRONT, MOUTHS, type Palette } from './previewParts.js';

const SIZE = 240;

/**
 * A small picture for a lens, as SVG: a face in a landscape of two colours, with an accessory or two. The same seed
 * always draws the same picture. The seed only steers numbers and never enters the text, so any string is safe.
 */
export function renderPreview(seed: string): string {
  const hash = hash32(seed);
  const random = seededRandom(hash);
  // Pictures that stand in one page must not share the name of their gradient.
  const gradient = `g${hash.toString(36)}`;
  const hue = Math.floor(360 * random());
  const palette: Palette = {
    sky: hsl(hue, 75, 62),
    deep: hsl(hue + 40 + 80 * random(), 70, 42),
    skin: pick(random, ['#ffdbb5', '#f1c27d', '#e0ac69', '#c68642', '#8d5524', '#5c3a21', '#b7e4c7', '#cdb4f6']),
    accent: hsl(hue + 180, 85, 60),
    ink: hsl(hue + 200, 35, 18),
  };
  const parts = [
    ...backdrop(random, palette),
    ...pick(random, BEHIND)(palette),
    `<ellipse cx="120" cy="128" rx="${whole(random, 54, 64)}" ry="${whole(random, 60, 70)}" fill="${palette.skin}"/>`,
    ...cheeks(random),
    ...pick(random, EYES)(palette),
    pick(random, MOUTHS)(palette),
    ...pick(random, IN_FRONT)(palette),
    ...sparkles(random),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}" role="img" aria-label="Preview">`,
    `<defs><linearGradient id="${gradient}" x1="0" y1="0" x2="${random().toFixed(2)}" y2="1">`,
    `<stop stop-color="${palette.sky}"/><stop offset="1" stop-color="${palette.deep}"/></linearGradient></defs>`,
    `<rect width="${SIZE}" height="${SIZE}" fill="url(#${gradient})"/>`,
    ...parts,
    '</svg>',
  ].join('');
}

function backdrop(random: Random, { accent, sky }: Palette): string[] {
  const blobs = Array.from({ length: 3 }, () => {
    const [x, y, r] = [whole(random, 0, SIZE), whole(random, 0, SIZE), whole(random, 24, 70)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="${random() < 0.5 ? accent : '#fff'}" opacity=".16"/>`;
  });
  const height = whole(random, 150, 190);
  const hills = `<path d="M0 ${height}Q60 ${height - 40} 120 ${height}T240 ${height}V240H0Z" fill="${sky}" opacity=".45"/>`;
  return [...blobs, hills];
}

function cheeks(random: Random): string[] {
  if (random() < 0.4) return [];
  return [`<g fill="#ff6b81" opacity=".4"><circle cx="80" cy="146" r="11"/><circle cx="160" cy="146" r="11"/></g>`];
}

function sparkles(random: Random): string[] {
  return Array.from({ length: Math.floor(5 * random()) }, () => {
    const [x, y, r] = [whole(random, 12, 228), whole(random, 12, 228), whole(random, 4, 10)];
    return `<path d="M${x} ${y - r}Q${x} ${y} ${x + r} ${y} ${x} ${y} ${x} ${y + r} ${x} ${y} ${x - r} ${y} ${x} ${y} ${x} ${y - r}Z" fill="#fff" opacity=".9"/>`;
  });
}

function whole(random: Random, from: number, to: number): number {
  return Math.round(from + (to - from) * random());
}

function hsl(hue: number, saturation: number, lightness: number): string {
  return `hsl(${Math.round(hue) % 360} ${saturation}% ${lightness}%)`;
}
