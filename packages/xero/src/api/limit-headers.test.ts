import { describe, expect, it } from 'vitest';
import { callsLeft, limitReached } from './limit-headers.ts';

describe('the headers of Xero’s limits', () => {
  it('tell how many calls are left', () => {
    const headers = {
      'x-minlimit-remaining': '59',
      'x-daylimit-remaining': '4999',
      'x-appminlimit-remaining': '9999',
    };
    expect(callsLeft(headers)).toEqual({ minute: 59, day: 4999, appMinute: 9999 });
  });

  it.each([{}, { 'x-minlimit-remaining': '' }, { 'x-daylimit-remaining': '-1' }, { 'x-minlimit-remaining': 'many' }])(
    'tell nothing in %j',
    (headers) => {
      expect(callsLeft(headers)).toEqual({});
    },
  );

  it.each([
    ['minute', 'minute'],
    ['Minute', 'minute'],
    ['day', 'day'],
    ['daily', 'day'],
    ['appminute', 'app-minute'],
    ['app minute', 'app-minute'],
    ['concurrent', 'concurrency'],
  ])('tell that it is the limit of %s', (word, limit) => {
    expect(limitReached({ 'x-rate-limit-problem': word })).toBe(limit);
  });

  it('that name no limit mean the minute where they say how long to wait, else calls at once', () => {
    expect(limitReached({ 'retry-after': '5' })).toBe('minute');
    expect(limitReached({})).toBe('concurrency');
  });
});
