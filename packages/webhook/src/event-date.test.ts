import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedWidthDate, isEventDate } from './event-date.ts';

describe('a date of an event', () => {
  it.each([
    ['2025-12-02T00:44:09', '2025-12-02T00:44:09.000000000Z'],
    ['2025-12-02T00:44:09Z', '2025-12-02T00:44:09.000000000Z'],
    ['2025-12-02T00:44:09.92', '2025-12-02T00:44:09.920000000Z'],
    ['2025-12-02T00:44:09.923', '2025-12-02T00:44:09.923000000Z'],
    ['2025-12-02T00:44:09.923Z', '2025-12-02T00:44:09.923000000Z'],
    ['2025-12-02T00:44:09.9233333', '2025-12-02T00:44:09.923333300Z'],
    ['2025-12-02T00:44:09.9233333Z', '2025-12-02T00:44:09.923333300Z'],
    ['2025-12-02T00:44:09.5+13:00', '2025-12-01T11:44:09.500000000Z'],
    ['2025-12-02T00:44:09-01:30', '2025-12-02T02:14:09.000000000Z'],
    ['2025-12-02T00:44', '2025-12-02T00:44:00.000000000Z'],
    ['2025-12-02', '2025-12-02T00:00:00.000000000Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000000000Z'],
  ])('%s reads as %s', (sent, expected) => {
    expect(fixedWidthDate(sent)).toBe(expected);
  });

  it.each(['', 'yesterday', '2025-02-30T00:00:00', '2025-13-01', '2025-12-02T24:01:00', '2025-12-02T00:60:00Z', '0'])(
    '"%s" is no date',
    (sent) => {
      expect(fixedWidthDate(sent)).toBeUndefined();
    },
  );

  it('is read as UTC in every time zone', () => {
    const zone = process.env['TZ'];
    try {
      process.env['TZ'] = 'Pacific/Auckland';
      expect(fixedWidthDate('2025-12-02T00:44:09.923')).toBe('2025-12-02T00:44:09.923000000Z');
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('orders as a string just as it does in time', () => {
    const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, dates, (a, b) => {
        const [x, y] = [fixedWidthDate(a.toISOString())!, fixedWidthDate(b.toISOString().replace('Z', ''))!];
        expect(Math.sign(x < y ? -1 : x > y ? 1 : 0)).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void fixedWidthDate(text)));
  });
});

describe('a text', () => {
  const number = (least: number, most: number, digits: number) =>
    fc.integer({ min: least, max: most }).map((value) => String(value).padStart(digits, '0'));
  const nearlyDates = fc
    .tuple(
      number(0, 9_999, 4),
      number(0, 14, 2),
      number(0, 33, 2),
      number(0, 26, 2),
      number(0, 62, 2),
      fc.option(number(0, 62, 2), { nil: undefined }),
      fc.constantFrom('', '.1', '.123', '.1234567', '.1234567890'),
      fc.constantFrom('', 'Z', '+13:00', '-01:30', ' '),
    )
    .map(([year, month, day, hour, minute, second, fraction, zone]) => {
      const seconds = second === undefined ? '' : `:${second}${fraction}`;
      return `${year}-${month}-${day}T${hour}:${minute}${seconds}${zone}`;
    });

  it('is a date exactly where it can be read as one', () => {
    const texts = fc.oneof(
      nearlyDates,
      nearlyDates.map((text) => text.slice(0, 10)),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(isEventDate(text)).toBe(fixedWidthDate(text) !== undefined);
      }),
      { numRuns: 5_000 },
    );
    for (const text of ['2024-02-29', '2023-02-29', '1900-02-29', '2000-02-29', '2026-02-28T23:59', '0099-01-01']) {
      expect([text, isEventDate(text)]).toEqual([text, fixedWidthDate(text) !== undefined]);
    }
  });
});
