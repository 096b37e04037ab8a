import { z } from 'zod';
import type { Item, User } from '../../domain/entities.js';

export const lens = z.object({
  lens_id: z.string(),
  name: z.string(),
  preview_url: z.string().nullable(),
  category: z.string().nullable(),
});

export function lensOf({ id, title, previewUrl, category }: Item): z.input<typeof lens> {
  return { lens_id: id, name: title, preview_url: previewUrl, category };
}

export const person = z.object({
  user_id: z.string(),
  name: z.string(),
  age: z.int().nullable(),
  gender: z.string().nullable(),
  location: z.string().nullable(),
  bio: z.string().nullable(),
  interests: z.array(z.string()),
});

export function personOf({ id, name, age, gender, location, bio, interests }: User): z.input<typeof person> {
  return { user_id: id, name, age, gender, location, bio, interests: [...interests] };
}

export const degraded = z
  .enum(['NONE', 'HEURISTIC_RANKER', 'POPULAR', 'EMPTY'])
  .describe('How far down the ladder of poorer answers this list had to step.');
