/** The kind of an item that is a post. */
export const POST_KIND = 'post';

/** What a post may carry, by its media type; each with the ending its file is stored under. */
export const MEDIA_TYPES: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
};

export interface PostMedia {
  /** Its name in the storage. */
  readonly key: string;
  /** One of `MEDIA_TYPES`. */
  readonly type: string;
}

/** What makes an item a post. Its words, title and tags are the item's. */
export interface Post {
  readonly id: string;
  readonly authorId: string;
  readonly media: PostMedia | null;
  readonly createdAt: Date;
  readonly likes: number;
  readonly comments: number;
}

/** A post to be. */
export interface PostDraft {
  readonly id: string;
  readonly authorId: string;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly media: PostMedia | null;
  /** Where the media will be found. */
  readonly previewUrl: string | null;
  readonly createdAt: Date;
}

export interface Comment {
  readonly id: string;
  readonly postId: string;
  readonly authorId: string;
  readonly text: string;
  readonly createdAt: Date;
}

/** A post that a feed may show, reduced to what ranking reads. */
export interface FeedCandidate {
  readonly id: string;
  readonly authorId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly likes: number;
  readonly tags: readonly string[];
}
