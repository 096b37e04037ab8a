import type { Item, ItemStats, User } from '../../domain/entities.js';
import { asDate, asNumber, asText, isJsonObject, listOf, orNull } from './rows.js';

const textOrNull = orNull(asText);

/** The columns that `toUser` reads, in its order. */
export const USER_COLUMNS = 'id, name, age, gender, location, bio, interests, personalised, created_at';

/** `byDefault` counts for people who never said whether they want lists of their own. */
export const toUser =
  (byDefault: boolean) =>
  ([id, name, age, gender, location, bio, interests, personalised, createdAt]: readonly unknown[]): User => {
    return {
      id: asText(id),
      name: asText(name),
      age: orNull(asNumber)(age),
      gender: textOrNull(gender),
      location: textOrNull(location),
      bio: textOrNull(bio),
      interests: listOf(interests),
      personalised: typeof personalised === 'boolean' ? personalised : byDefault,
      createdAt: asDate(createdAt),
    };
  };

/** The columns that `toItem` reads, in its order. */
export const ITEM_COLUMNS =
  'id, kind, title, description, category, tags, preview_url, author_id, attributes, created_at, hidden_at';

export function toItem(row: readonly unknown[]): Item {
  const [id, kind, title, description, category, tags, previewUrl, authorId, attributes, createdAt, hiddenAt] = row;
  return {
    id: asText(id),
    kind: asText(kind),
    title: asText(title),
    description: textOrNull(description),
    category: textOrNull(category),
    tags: listOf(tags),
    previewUrl: textOrNull(previewUrl),
    authorId: textOrNull(authorId),
    attributes: isJsonObject(attributes) ? attributes : null,
    createdAt: asDate(createdAt),
    hiddenAt: orNull(asDate)(hiddenAt),
  };
}

/** The columns that `toStats` reads, after the item's id. */
export const STATS_COLUMNS = 'item_id, views, likes, saves, shares, popularity';

export function toStats([, views, likes, saves, shares, popularity]: readonly unknown[]): ItemStats {
  return {
    views: asNumber(views),
    likes: asNumber(likes),
    saves: asNumber(saves),
    shares: asNumber(shares),
    popularity: asNumber(popularity),
  };
}
