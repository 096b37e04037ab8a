import type { Item, User } from '../../domain/entities.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import { byCodeUnit } from './byCodeUnit.js';
import { growable } from './growable.js';

/** Who stands beside the events: everyone who acted, wrote, follows, is followed or is registered. */
export interface SocialGraph {
  /** By id (code units); a person's place here is their dense index. */
  readonly personIds: readonly string[];
  /** Person of event columns → dense index. */
  readonly ofUsers: Int32Array;
  /** Per item: the person who wrote it, or -1. */
  readonly authors: Int32Array;
  /** Entry i of these three is one follow. */
  readonly followers: Int32Array;
  readonly followees: Int32Array;
  /** Epoch milliseconds. */
  readonly followedAt: Float64Array;
}

/** The graph, and what the registered of its people say of themselves, in the order of `personIds`. */
export interface SocialData {
  readonly graph: SocialGraph;
  readonly profiles: readonly (User | null)[];
}

/** Reads people and follows of before `until` (exclusive, epoch milliseconds). `userIds` are those of the event columns. */
export async function readSocialData(from: {
  readonly tenant: string;
  readonly entities: Pick<EntityStore, 'scanUsers' | 'scanFollows'>;
  readonly until: number;
  readonly userIds: readonly string[];
  readonly catalogue: readonly Item[];
}): Promise<SocialData> {
  const { tenant, entities, until, userIds, catalogue } = from;
  const arrival = new Map<string, number>();
  const meet = (id: string): number => {
    const known = arrival.get(id) ?? arrival.size;
    arrival.set(id, known);
    return known;
  };
  const profiles = new Map<string, User>();
  /** Nothing is learned of them, neither from what they write nor from whom they follow. */
  const objectors = new Set<string>();
  for await (const page of entities.scanUsers(tenant)) {
    for (const user of page) {
      if (!user.personalised) {
        objectors.add(user.id);
        continue;
      }
      if (user.createdAt.getTime() >= until) continue;
      meet(user.id);
      profiles.set(user.id, user);
    }
  }
  const ofUsers = Int32Array.from(userIds, meet);
  const authors = Int32Array.from(catalogue, ({ authorId }) =>
    authorId === null || objectors.has(authorId) ? -1 : meet(authorId),
  );
  const followers = growable((length) => new Int32Array(length));
  const followees = growable((length) => new Int32Array(length));
  const followedAt = growable((length) => new Float64Array(length));
  for await (const page of entities.scanFollows(tenant)) {
    for (const [row, followerId] of page.followerIds.entries()) {
      const at = page.createdAt[row] ?? 0;
      const followeeId = page.followeeIds[row];
      if (followeeId === undefined || followeeId === followerId || at >= until) continue;
      if (objectors.has(followerId) || objectors.has(followeeId)) continue;
      followers.push(meet(followerId));
      followees.push(meet(followeeId));
      followedAt.push(at);
    }
  }
  // Numbered by id, so that the order of arrival leaves no trace in what is learned.
  const personIds = [...arrival.keys()].sort(byCodeUnit);
  const place = new Int32Array(personIds.length);
  for (const [index, id] of personIds.entries()) place[arrival.get(id) ?? 0] = index;
  const numbered = (met: Int32Array) => met.map((one) => (one < 0 ? -1 : (place[one] ?? -1)));
  return {
    graph: {
      personIds,
      ofUsers: numbered(ofUsers),
      authors: numbered(authors),
      followers: numbered(followers.values()),
      followees: numbered(followees.values()),
      followedAt: followedAt.values(),
    },
    profiles: personIds.map((id) => profiles.get(id) ?? null),
  };
}

/** The graph as it was before a moment (epoch milliseconds): without the follows since. */
export function graphBefore(graph: SocialGraph, until: number): SocialGraph {
  const kept = Int32Array.from(graph.followedAt.keys()).filter((row) => (graph.followedAt[row] ?? 0) < until);
  return {
    ...graph,
    followers: kept.map((row) => graph.followers[row] ?? 0),
    followees: kept.map((row) => graph.followees[row] ?? 0),
    followedAt: Float64Array.from(kept, (row) => graph.followedAt[row] ?? 0),
  };
}
