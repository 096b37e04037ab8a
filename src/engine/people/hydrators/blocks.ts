import type { EventLog } from '../../../store/ports/eventLog.js';
import type { Hydrator } from '../../pipeline/stages.js';
import type { PeopleQuery } from '../query.js';

/** 1 for someone who hid, reported or blocked the person. */
export const BLOCKS = 'blocks';

/** Who of the candidates wants nothing of the person, asked of the log at this moment. */
export function blocks(eventLog: Pick<EventLog, 'blockersAmong'>): Hydrator<PeopleQuery> {
  return {
    name: 'blocks',
    async hydrate({ tenant, asker, population }, { items }) {
      const ids = Array.from(items, population.idOf);
      const blockers = new Set(await eventLog.blockersAmong(tenant, asker.userId, ids));
      return { items, columns: new Map([[BLOCKS, Float32Array.from(ids, (id) => (blockers.has(id) ? 1 : 0))]]) };
    },
  };
}
