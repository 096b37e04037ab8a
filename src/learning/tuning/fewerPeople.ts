import { seededRandom } from '../../domain/random.js';
import { type EventColumns, selectColumns } from '../examples/eventColumns.js';
import type { SocialGraph } from '../examples/social.js';

/** What there is to learn from people. */
export interface People {
  readonly events: EventColumns;
  readonly social: SocialGraph;
}

/** What a share of the people did, at random; a larger share of the same seed holds all of a smaller one. */
export function fewerPeople({ events, social }: People, share: number, seed: number): People {
  if (share >= 1) return { events, social };
  const random = seededRandom(seed);
  const place = new Int32Array(events.userCount).fill(-1);
  let kept = 0;
  for (let user = 0; user < events.userCount; user++) if (random() < share) place[user] = kept++;
  const chosen = selectColumns(events, (event) => (place[events.users[event] ?? 0] ?? -1) >= 0);
  return {
    events: { ...chosen, userCount: kept, users: chosen.users.map((user) => place[user] ?? 0) },
    social: { ...social, ofUsers: social.ofUsers.filter((_, user) => (place[user] ?? -1) >= 0) },
  };
}
