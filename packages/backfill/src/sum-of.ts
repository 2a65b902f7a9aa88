import type { Backfill, BackfillList } from './backfill.ts';
import { PAGE_SIZE } from './backfill.ts';

/** A backfill in numbers. */
export type BackfillSum = {
  readonly state: 'counting' | 'planned' | 'reading' | 'stopped' | 'done' | 'failed';
  readonly organisations: number;
  /** Resources that have changed, as far as Xero says. */
  readonly found: number;
  /** Lists of which Xero does not say how much they have. */
  readonly unknown: number;
  /** Calls that were made, and that are left as far as it is known. */
  readonly calls: number;
  readonly callsLeft: number;
  readonly read: number;
  readonly added: number;
  readonly known: number;
  /** Lists that wait or have failed, and why. */
  readonly troubles: readonly Pick<BackfillList, 'tenantId' | 'category' | 'state' | 'trouble'>[];
};

export function sumOf(backfill: Backfill): BackfillSum {
  const { lists } = backfill;
  const sum = (count: (list: BackfillList) => number): number => lists.reduce((all, list) => all + count(list), 0);
  const troubles = lists.flatMap(({ tenantId, category, state, trouble }) =>
    trouble === undefined ? [] : [{ tenantId, category, state, trouble }],
  );
  return {
    state: stateOf(backfill),
    organisations: new Set(lists.map(({ tenantId }) => tenantId)).size,
    found: sum(({ found, read }) => found ?? read),
    unknown: lists.filter(({ state, found }) => state !== 'counting' && state !== 'failed' && found === undefined)
      .length,
    calls: sum(({ calls }) => calls),
    callsLeft: sum(callsLeftOf),
    read: sum(({ read }) => read),
    added: sum(({ added }) => added),
    known: sum(({ known }) => known),
    troubles,
  };
}

function stateOf({ state, lists }: Backfill): BackfillSum['state'] {
  const states = new Set(lists.map((list) => list.state));
  if (state === 'planned') return states.has('counting') ? 'counting' : 'planned';
  if (states.has('reading') || states.has('counted') || states.has('counting')) {
    return state === 'stopped' ? 'stopped' : 'reading';
  }
  return states.has('failed') ? 'failed' : 'done';
}

/** How many calls one list still takes, as far as it is known: at least one for what Xero does not count. */
function callsLeftOf({ state, found, read }: BackfillList): number {
  if (state === 'done' || state === 'failed' || state === 'counting') return 0;
  if (found === undefined) return 1;
  return Math.ceil(Math.max(0, found - read) / PAGE_SIZE);
}
