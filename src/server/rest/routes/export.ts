import { Readable } from 'node:stream';
import { z } from 'zod';
import { requireSelfOr } from '../../../services/access.js';
import { userId } from '../fields.js';
import { defineRoute } from '../route.js';

export const exportUser = defineRoute({
  method: 'GET',
  path: '/v1/users/{id}/export',
  summary: 'Everything that is kept of a person, for the person or an admin',
  input: z.object({ id: userId }),
  output: {
    status: 200,
    schema: z.object({
      user: z.looseObject({}).nullable(),
      events: z.array(z.looseObject({})),
      follows: z.array(z.looseObject({})),
      followers: z.array(z.looseObject({})),
      blocks: z.array(z.looseObject({})),
      items: z.array(z.looseObject({})),
      comments: z.array(z.looseObject({})),
      likes: z.array(z.looseObject({})),
      lists: z.array(z.looseObject({})),
    }),
  },
  cost: () => 1_000,
  async answer({ identity, services }, { id }) {
    requireSelfOr(identity, id, 'admin');
    // Written as fast as it is read: a long history is never in memory as a whole.
    return Readable.from(services.privacy.export(identity.tenant, id), { objectMode: false });
  },
});
