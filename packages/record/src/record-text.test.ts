import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, RecordedEvent } from './event-record.ts';
import { actionText, attemptText, headerText, parseRecord, stateText } from './record-text.ts';

const EVENT: RecordedEvent = {
  jobId: 'x1',
  tenantId: 't-1',
  resourceId: 'r-1',
  name: 'invoice.updated',
  eventDateUtc: '2026-01-01T00:00:00',
  receivedAt: 1_000,
  deliveryId: 'd-1',
  source: 'webhook',
};

const attempt = (outcome: AttemptOutcome, over = {}) => ({
  at: 1_100,
  handler: 'sync',
  attempt: 1,
  worker: 'host:7',
  ms: 20,
  outcome,
  delayMs: 0,
  reason: '',
  ...over,
});

const recordOf = (...lines: string[]) =>
  parseRecord('t-1', 'x1', `${headerText(EVENT)}\n${lines.map((line) => `${line}\n`).join('')}`)!;

describe('the text of a record', () => {
  it('says of an event what was known of it when it came', () => {
    expect(recordOf()).toEqual({ ...EVENT, state: 'received', dueAt: undefined, entries: [] });
  });

  it('keeps attempts, what they made of the event, and what people did', () => {
    const first = attempt('failed', { delayMs: 500, reason: 'the books are closed' });
    const { entries } = recordOf(
      attemptText(first),
      '=\t1101\tw\t1601',
      actionText({ at: 1_200, action: 'run-now', by: 'ann' }),
      attemptText(attempt('succeeded', { attempt: 2 })),
      '=\t1301\th\t0',
    );
    expect(entries).toEqual([
      { kind: 'attempt', ...first },
      { kind: 'state', at: 1_101, state: 'waiting', dueAt: 1_601 },
      { kind: 'action', at: 1_200, action: 'run-now', by: 'ann' },
      { kind: 'attempt', ...attempt('succeeded', { attempt: 2 }) },
      { kind: 'state', at: 1_301, state: 'handled' },
    ]);
  });

  it.each([
    ['failing', [attemptText(attempt('failed')), '=\t1\tw\t9'], 9],
    ['parked', [attemptText(attempt('succeeded')), attemptText(attempt('parked')), '=\t1\tw\t9'], 9],
    ['delayed', [attemptText(attempt('later')), '=\t1\tw\t9'], 9],
    ['parked', [attemptText(attempt('failed')), '=\t1\tw\t9', attemptText(attempt('parked')), '=\t2\tw\t19'], 19],
    ['dead', [attemptText(attempt('failed')), '=\t1\td\t0'], undefined],
    ['handled', [attemptText(attempt('succeeded')), '=\t1\th\t0'], undefined],
    ['unhandled', [stateText(1, 'unhandled')], undefined],
    ['handled', ['=\t1\th\t0', actionText({ at: 2, action: 'replayed', by: 'ann' })], undefined],
    ['received', ['=\t1\td\t0', actionText({ at: 2, action: 'retried', by: 'ann' })], undefined],
    ['handled', ['=\t1\td\t0', '=\t3\th\t0', actionText({ at: 2, action: 'retried', by: 'ann' })], undefined],
    ['dropped', ['=\t1\td\t0', actionText({ at: 2, action: 'dropped', by: 'ann' })], undefined],
  ])('says that an event is %s', (state, lines, dueAt) => {
    expect(recordOf(...lines)).toMatchObject({ state, dueAt });
  });

  it('reads back whatever a reason and a name hold, without what could end a field or reach a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (reason, handler) => {
        const { entries, state } = recordOf(attemptText(attempt('failed', { reason, handler })), '=\t1\td\t0');
        expect(state).toBe('dead');
        expect(entries).toHaveLength(2);
        // oxlint-disable-next-line no-control-regex -- that is what must not be there
        expect(JSON.stringify(entries[0])).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
      }),
    );
  });

  it('is left alone where a newer release wrote it', () => {
    expect(parseRecord('t-1', 'x1', '2\tinvoice.updated\tr-1\n')).toBeUndefined();
  });
});
