import type { JsonObject } from './json.js';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly age: number | null;
  readonly gender: string | null;
  readonly location: string | null;
  readonly bio: string | null;
  readonly interests: readonly string[];
  /** Whether what they do and say may shape what they are shown, and be learned from. */
  readonly personalised: boolean;
  readonly createdAt: Date;
}

/** What a person says of themselves, as far as ranking reads it. */
export type PersonFacts = Pick<User, 'age' | 'location' | 'interests'>;

export interface Item {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly previewUrl: string | null;
  readonly authorId: string | null;
  readonly attributes: JsonObject | null;
  readonly createdAt: Date;
  /** Set while the item must not be shown to anyone. */
  readonly hiddenAt: Date | null;
}

/** A user as a caller writes it: what is left out is empty. */
export type UserDraft = Pick<User, 'id' | 'name'> & Partial<Omit<User, 'id' | 'name'>>;

/** An item as a caller writes it: what is left out is empty. `hiddenAt` is not written this way. */
export type ItemDraft = Pick<Item, 'id' | 'kind' | 'title'> & Partial<Omit<Item, 'id' | 'kind' | 'title' | 'hiddenAt'>>;

export interface Follow {
  readonly followerId: string;
  readonly followeeId: string;
  readonly createdAt: Date;
}

/** Whom a person follows and who follows them, by id. */
export interface Circle {
  readonly followees: readonly string[];
  readonly followers: readonly string[];
}

/** Counts over the whole event log. */
export interface ItemStats {
  readonly views: number;
  readonly likes: number;
  readonly saves: number;
  readonly shares: number;
  /** Every positive action, see `features/worth.ts`. */
  readonly popularity: number;
}
