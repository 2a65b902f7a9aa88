import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedWidthDate } from './event-date.ts';

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
