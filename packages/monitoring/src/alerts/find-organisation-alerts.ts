import type { OrganisationState } from '../organisation-states.ts';
import type { FoundAlert } from './alerts.ts';
import { when } from './when.ts';

/** What one process finds for all, of the organisations. */
export function findOrganisationAlerts(organisations: readonly OrganisationState[]): FoundAlert[] {
  return organisations.flatMap(({ tenantId, name, state, detail }) => {
    const who = `The organisation ${name === undefined ? tenantId : `${name} (${tenantId})`}`;
    return [
      ...when(
        state === 'disconnected',
        'organisation-disconnected',
        `${who} must be connected again: ${detail}`,
        0,
        tenantId,
      ),
      ...when(state === 'parked', 'organisation-parked', `${who} cannot be read: ${detail}`, 0, tenantId),
      ...when(state === 'unused', 'access-unused', `${who} has not been used for long: ${detail}`, 0, tenantId),
    ];
  });
}
