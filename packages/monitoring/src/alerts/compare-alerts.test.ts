import { describe, expect, it } from 'vitest';
import type { FoundAlert } from './alerts.ts';
import type { OpenAlert } from './compare-alerts.ts';
import { compareAlerts } from './compare-alerts.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;

const found = (words: Partial<FoundAlert> = {}): FoundAlert => ({
  name: 'no-worker',
  subject: '',
  text: 'now',
  holdMs: 60_000,
  ...words,
});

const open = (words: Partial<OpenAlert> = {}): OpenAlert => ({
  name: 'no-worker',
  subject: '',
  text: 'before',
  since: NOW - HOUR,
  postedAt: NOW - HOUR,
  ...words,
});

const compare = (known: readonly OpenAlert[], now: readonly FoundAlert[]) =>
  compareAlerts(known, now, { now: NOW, repeatMs: 4 * HOUR });

describe('what is found wrong', () => {
  it('is noted at once, and told once it has lasted long enough', () => {
    const begun = open({ since: NOW, postedAt: undefined, text: 'now' });
    expect(compare([], [found()])).toEqual({ noted: [begun], passed: [], changes: [] });
    expect(compare([], [found({ holdMs: 0 })]).changes).toEqual([{ state: 'raised', alert: begun }]);
    const waiting = open({ since: NOW - 59_999, postedAt: undefined });
    expect(compare([waiting], [found({ text: 'before' })])).toEqual({ noted: [], passed: [], changes: [] });
    const lasting = open({ since: NOW - 60_000, postedAt: undefined });
    expect(compare([lasting], [found()]).changes).toEqual([{ state: 'raised', alert: { ...lasting, text: 'now' } }]);
  });

  it('is kept with what is to be said of it now, though it is not told', () => {
    expect(compare([open()], [found()])).toEqual({ noted: [open({ text: 'now' })], passed: [], changes: [] });
  });

  it('is told again only after the time for that', () => {
    expect(compare([open({ postedAt: NOW - 4 * HOUR + 1 })], [found()]).changes).toEqual([]);
    expect(compare([open({ postedAt: NOW - 4 * HOUR })], [found()]).changes).toMatchObject([
      { state: 'still open', alert: { text: 'now', since: NOW - HOUR } },
    ]);
  });

  it('is told to be over if it was told, and forgotten otherwise', () => {
    expect(compare([open()], [])).toEqual({ noted: [], passed: [], changes: [{ state: 'resolved', alert: open() }] });
    const untold = open({ postedAt: undefined });
    expect(compare([untold], [])).toEqual({ noted: [], passed: [untold], changes: [] });
  });

  it('is told for each handler or organisation', () => {
    const { changes } = compare(
      [open({ name: 'handler-failing', subject: 'one' })],
      [found({ name: 'handler-failing', subject: 'other', holdMs: 0 })],
    );
    expect(changes.map(({ state, alert }) => [state, alert.subject])).toEqual([
      ['raised', 'other'],
      ['resolved', 'one'],
    ]);
  });
});
