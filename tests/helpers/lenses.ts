import type { Item } from '../../src/domain/entities.js';

/** An item with the least there is, and what a test says of it. */
export function lens(id: string, parts: Partial<Item> = {}): Item {
  return {
    id,
    kind: 'lens',
    title: id,
    description: null,
    category: null,
    tags: [],
    previewUrl: null,
    authorId: null,
    attributes: null,
    createdAt: new Date(0),
    hiddenAt: null,
    ...parts,
  };
}
