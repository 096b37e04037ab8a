import type { PersonStates } from '../../engine/live/personStates.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { PrivacyStore } from '../../store/ports/privacyStore.js';
import { checkId } from '../checks.js';
import { exportPerson } from './exportPerson.js';
import type { PrivacyService } from './types.js';

export function createPrivacyService(deps: {
  readonly entities: Pick<EntityStore, 'users' | 'setPersonalised'>;
  readonly privacy: Pick<PrivacyStore, 'rowsOf'>;
  readonly personStates: Pick<PersonStates, 'touch'>;
}): PrivacyService {
  const { entities, personStates } = deps;
  return {
    async setConsent(tenant, userId, personalisation) {
      checkId('userId', userId);
      await entities.setPersonalised(tenant, userId, personalisation);
      await personStates.touch(tenant, [userId]);
      return personalisation;
    },
    export(tenant, userId) {
      checkId('id', userId);
      return exportPerson(deps, tenant, userId);
    },
  };
}
