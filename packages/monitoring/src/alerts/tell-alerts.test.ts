import { createLogger } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { createOwnAlerts } from './alert-store.ts';
import type { FoundAlert } from './alerts.ts';
import type { AlertChange } from './compare-alerts.ts';
import { createTellAlerts } from './tell-alerts.ts';

const dead: FoundAlert = { name: 'dead-letter', subject: '', text: 'There is a dead letter', holdMs: 0 };

/** What is told to a receiver that can be away. */
function telling(more: Partial<Parameters<typeof createTellAlerts>[0]> = {}) {
  const told: string[] = [];
  const state = { fault: undefined as string | undefined, now: 0 };
  const outcomes: string[] = [];
  const tell = createTellAlerts({
    store: createOwnAlerts(),
    post: async (changes: readonly AlertChange[]) => {
      if (state.fault === undefined) told.push(...changes.map((change) => `${change.alert.name} ${change.state}`));
      return state.fault;
    },
    repeatMs: 1_000,
    log: createLogger('test', 'silent'),
    onPost: (outcome) => outcomes.push(outcome),
    now: () => state.now,
    ...more,
  });
  return { tell, told, outcomes, state };
}

describe('the alerts', () => {
  it('are told when they begin, seldom while they last, and when they are over', async () => {
    const { tell, told, state } = telling();
    expect(await tell([dead])).toMatchObject([{ name: 'dead-letter', postedAt: 0 }]);
    state.now = 999;
    await tell([dead]);
    expect(told).toEqual(['dead-letter raised']);
    state.now = 1_000;
    await tell([dead]);
    expect(await tell([])).toEqual([]);
    await tell([]);
    expect(told).toEqual(['dead-letter raised', 'dead-letter still open', 'dead-letter resolved']);
  });

  it('say what is so now, without being told again', async () => {
    const { tell, told } = telling();
    await tell([dead]);
    expect(await tell([{ ...dead, text: 'There are 2 dead letters' }])).toMatchObject([
      { name: 'dead-letter', text: 'There are 2 dead letters', postedAt: 0 },
    ]);
    expect(told).toEqual(['dead-letter raised']);
  });

  it('that cannot be posted are told the next time, and so is their end', async () => {
    const { tell, told, outcomes, state } = telling();
    state.fault = 'it answers 500';
    expect(await tell([dead])).toEqual([]);
    state.fault = undefined;
    await tell([dead]);
    state.fault = 'it does not answer';
    await tell([]);
    await tell([]);
    state.fault = undefined;
    await tell([]);
    await tell([]);
    expect(told).toEqual(['dead-letter raised', 'dead-letter resolved']);
    expect(outcomes).toEqual(['failed', 'sent', 'failed', 'failed', 'sent']);
  });

  it('that begin and end while nothing can be posted are not told at all', async () => {
    const { tell, told, state } = telling();
    state.fault = 'it does not answer';
    await tell([dead]);
    await tell([]);
    state.fault = undefined;
    await tell([]);
    expect(told).toEqual([]);
  });

  it('that are muted are as if they were not', async () => {
    const { tell, told } = telling({ isMuted: ({ name }) => name === 'dead-letter' });
    await tell([dead, { ...dead, name: 'quarantine' }]);
    expect(told).toEqual(['quarantine raised']);
  });

  it('are only kept and logged where they are posted nowhere', async () => {
    const { tell, outcomes } = telling({ post: undefined });
    expect(await tell([dead])).toMatchObject([{ name: 'dead-letter' }]);
    expect(outcomes).toEqual([]);
  });
});
