import type { Tenant } from '@xero-webhooks/operations';
import { describe, expect, it } from 'vitest';
import { organisationStates } from './organisation-states.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const DAY = 86_400_000;
const MINUTE = 60_000;

const stateOf = (tenant: Partial<Tenant>): readonly [string, string | undefined] => {
  const common = { tenantId: 't-1', name: 'One', lastEventAt: undefined, callsToday: 0, leftToday: undefined };
  const [state] = organisationStates([{ ...common, connected: undefined, blocked: undefined, ...tenant }], NOW);
  return [state!.state, state!.detail];
};

const connected = (more: Partial<NonNullable<Tenant['connected']>> = {}): Pick<Tenant, 'connected'> => ({
  connected: { connectedAt: NOW - DAY, renewedAt: NOW - DAY, token: 'live', fault: undefined, ...more },
});

describe('an organisation', () => {
  it.each<[string, Partial<Tenant>, readonly [string, string | undefined]]>([
    ['whose access works', connected(), ['connected', undefined]],
    ['whose events come, and that is connected elsewhere', {}, ['connected', undefined]],
    ['whose access has ended', connected({ fault: 'Xero says no' }), ['disconnected', 'Xero says no']],
    ['that was read 50 days ago', connected({ renewedAt: NOW - 50 * DAY }), ['connected', undefined]],
    [
      'that was read more than 50 days ago',
      connected({ renewedAt: NOW - 51 * DAY }),
      ['unused', 'Xero ends the access in 9 days'],
    ],
    [
      'whose day is used up',
      { ...connected(), blocked: { until: NOW + 6 * MINUTE, limit: 'day' } },
      ['parked', 'its day limit is used up until 2026-11-30T12:06Z'],
    ],
    ['whose minute is used up', { blocked: { until: NOW + MINUTE, limit: 'minute' } }, ['connected', undefined]],
    [
      'for which Xero fails',
      { blocked: { until: NOW + 10 * MINUTE, limit: 'outage' } },
      ['parked', 'Xero fails until 2026-11-30T12:10Z'],
    ],
  ])('%s is what it is', (_what, tenant, state) => {
    expect(stateOf(tenant)).toEqual(state);
  });
});
