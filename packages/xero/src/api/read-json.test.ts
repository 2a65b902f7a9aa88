import { describe, expect, it } from 'vitest';
import { readJson, readXeroDate } from './read-json.ts';

describe('an answer of Xero’s', () => {
  it('has its dates as dates, wherever they stand', () => {
    const text = JSON.stringify({
      Invoices: [
        {
          Date: '/Date(1518685950940+0000)/',
          DueDateString: '2026-11-23T00:00:00',
          UpdatedDateUTC: '/Date(1518685950940)/',
          Payments: [{ Date: '/Date(0+1300)/' }],
        },
      ],
    });
    expect(readJson(text)).toEqual({
      Invoices: [
        {
          Date: new Date(1_518_685_950_940),
          DueDateString: new Date('2026-11-23T00:00:00Z'),
          UpdatedDateUTC: new Date(1_518_685_950_940),
          Payments: [{ Date: new Date(0) }],
        },
      ],
    });
  });

  it('keeps what only looks like a date, and dates that are none', () => {
    const fields = { Reference: '/Date(0)/', Name: '2026-11-23T00:00:00', Date: 'tomorrow', DueDate: '', EndDate: 5 };
    expect(readJson(JSON.stringify(fields))).toEqual(fields);
  });

  it('is refused where it is no JSON', () => {
    expect(() => readJson('<html>')).toThrow(SyntaxError);
  });
});

describe('a date of Xero’s', () => {
  it.each([
    ['/Date(1518685950940+0000)/', '2018-02-15T09:12:30.940Z'],
    ['/Date(-62135596800000+0000)/', '0001-01-01T00:00:00.000Z'],
    ['/Date(1518685950940+1300)/', '2018-02-15T09:12:30.940Z'],
    ['2026-11-23T10:20:30', '2026-11-23T10:20:30.000Z'],
    ['2026-11-23T10:20:30.1234567', '2026-11-23T10:20:30.123Z'],
    ['2026-11-23', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23T10:20:30+02:00', '2026-11-23T08:20:30.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(readXeroDate(text)?.toISOString()).toBe(expected);
  });

  it.each(['', '/Date()/', '/Date(99999999999999999)/', '/Date(9999999999999999)/', '2026-02-30', 'now', '5'])(
    '%j is none',
    (text) => {
      expect(readXeroDate(text)).toBeUndefined();
    },
  );
});
