import type { FeedStore } from '../../src/store/ports/feedStore.js';
import type { MediaStore } from '../../src/store/ports/mediaStore.js';
import type { PostStore } from '../../src/store/ports/postStore.js';

/** Where nothing of privacy is looked at. */
export const NO_PRIVACY = { privacy: { rowsOf: () => [] }, personaliseByDefault: true };

/** A world where nobody posts. What posts and feeds do is tested on the real stores. */
export const NO_POSTS: {
  readonly posts: PostStore;
  readonly feed: FeedStore;
  readonly media: MediaStore;
  readonly fanOutLimit: number;
  readonly mediaLimit: number;
} = {
  posts: {
    create: async () => null,
    posts: async (_tenant, _viewer, ids) => ids.map(() => null),
    delete: async () => false,
    like: async () => 'unknown',
    unlike: async () => 'unknown',
    likedBy: async (_tenant, _user, ids) => ids.map(() => false),
    comment: async () => null,
    comments: async () => [],
  },
  feed: {
    followed: async () => [],
    everyone: async () => [],
    stillFollowed: async (_tenant, _user, ids) => ids.map(() => null),
    likedAuthors: async () => [],
  },
  media: {
    kind: 'local',
    sign: async () => {
      throw new Error('nobody uploads');
    },
    urlOf: (key) => `/media/${key}`,
    delete: async () => {},
  },
  fanOutLimit: 1_000,
  mediaLimit: 1_000_000,
};
