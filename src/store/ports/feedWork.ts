/** A post on its way to timelines. */
export interface DeliveryJob {
  readonly tenant: string;
  readonly postId: string;
}

/**
 * The work behind feeds, over all tenants. Any number of workers may do it at once and die at any moment: each step is one
 * transaction, a job is leased, and what is done twice is done once.
 */
export interface FeedWork {
  /** Takes a job that nobody holds, for `leaseMs`; null when there is none. */
  takeJob(leaseMs: number): Promise<DeliveryJob | null>;
  /** Writes the post into the timelines of up to `batch` more followers and holds the job for `leaseMs` more. False when it is done. */
  deliver(job: DeliveryJob, batch: number, leaseMs: number): Promise<boolean>;
  /**
   * Brings the posts since that moment (epoch ms) of up to `batch` newly followed people to the timelines of their followers.
   * Answers how many follows there were.
   */
  backfill(batch: number, since: number): Promise<number>;
  /** Adds up to `batch` changes of counts to their posts. Answers how many there were. */
  foldCounts(batch: number): Promise<number>;
  /** Deletes timeline rows of before that moment (epoch ms). Answers how many there were. */
  trim(before: number): Promise<number>;
  /** Takes up to `limit` names of media that are to be deleted, for `leaseMs`. */
  takeDoomedMedia(limit: number, leaseMs: number): Promise<string[]>;
  /** They are gone from the storage. */
  mediaGone(keys: readonly string[]): Promise<void>;
}
