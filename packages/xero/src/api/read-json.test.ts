import { describe, expect, it } from 'vitest';
import type { ResourceOfPath } from '@xero-webhooks/handlers';
import { readJson, readXeroDate } from './read-json.ts';

/** The fields that a type has beside those that it does not name. */
type Named<Type> = keyof { [Field in keyof Type as string extends Field ? never : Field]: Type[Field] };

/** The fields that a type says are dates. */
type DatesOf<Type> = {
  [Field in Named<Type>]: NonNullable<Type[Field & keyof Type]> extends Date ? Field : never;
}[Named<Type>];

/** Neither more nor fewer than what the types say: the compiler sees to that. */
const DATE_FIELDS: { [Path in keyof ResourceOfPath]: Record<DatesOf<ResourceOfPath[Path]>, true> } = {
  Invoices: {
    Date: true,
    DueDate: true,
    ExpectedPaymentDate: true,
    PlannedPaymentDate: true,
    FullyPaidOnDate: true,
    UpdatedDateUTC: true,
  },
  Contacts: { UpdatedDateUTC: true },
  CreditNotes: { Date: true, DueDate: true, FullyPaidOnDate: true, UpdatedDateUTC: true },
  Payments: { Date: true, UpdatedDateUTC: true },
  Prepayments: { Date: true, UpdatedDateUTC: true },
  Overpayments: { Date: true, UpdatedDateUTC: true },
};

/** The forms in the samples of Xero's OpenAPI document. */
const FORMS = [
  '/Date(1519685950297+0000)/',
  '/Date(1439434356790)/',
  '/Date(-62135596800000+0000)/',
  '/Date(1552521600000+1300)/',
  '0001-01-01T00:00:00',
  '2018-03-09T00:00:00',
  '2018-03-09T00:00:00Z',
  '2018-03-09T10:12:13.1234567',
  '2019-02-21T16:29:47.96-08:00',
  '2019-03-11',
];

describe('an answer of Xero’s', () => {
  it('has its dates as dates, wherever they stand', () => {
    const text = JSON.stringify({
      DateTimeUTC: '/Date(1518685950940)/',
      Invoices: [
        {
          Date: '/Date(1518685950940+0000)/',
          ExpectedPaymentDate: '0001-01-01T00:00:00',
          Payments: [{ Date: '/Date(0+1300)/', BatchPayment: { Date: '2019-03-11' } }],
          CreditNotes: [{ Allocations: [{ Date: '2018-03-09T00:00:00' }] }],
        },
      ],
      Employees: [{ DateOfBirth: '/Date(-1036800000+0000)/' }],
    });
    expect(readJson(text)).toEqual({
      DateTimeUTC: new Date(1_518_685_950_940),
      Invoices: [
        {
          Date: new Date(1_518_685_950_940),
          ExpectedPaymentDate: new Date('0001-01-01T00:00:00Z'),
          Payments: [{ Date: new Date(0), BatchPayment: { Date: new Date('2019-03-11T00:00:00Z') } }],
          CreditNotes: [{ Allocations: [{ Date: new Date('2018-03-09T00:00:00Z') }] }],
        },
      ],
      Employees: [{ DateOfBirth: new Date(-1_036_800_000) }],
    });
  });

  it.each(Object.entries(DATE_FIELDS))('has every date of a type as a date, in each form: of %s', (_path, fields) => {
    for (const form of FORMS) {
      const json = Object.fromEntries(Object.keys(fields).map((name) => [name, form]));
      for (const value of Object.values(readJson(JSON.stringify(json)) as object)) expect(value).toBeInstanceOf(Date);
    }
  });

  it('has a text where Xero says the same once more as a text', () => {
    const fields = {
      DateString: '2026-11-23T00:00:00',
      DueDateString: '2026-11-23T00:00:00',
      DateUTCString: '2026-11-23',
    };
    expect(readJson(JSON.stringify(fields))).toEqual(fields);
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
    ['2019-02-21T16:29:47.96-08:00', '2019-02-22T00:29:47.960Z'],
    ['2019-02-21T16:29:47.9+1300', '2019-02-21T03:29:47.900Z'],
    ['0001-01-01T00:00:00', '0001-01-01T00:00:00.000Z'],
    ['0099-12-31', '0099-12-31T00:00:00.000Z'],
    ['9999-12-31T23:59:59.9999999', '9999-12-31T23:59:59.999Z'],
    ['2026-11-23 10:20', '2026-11-23T10:20:00.000Z'],
    ['2024-02-29T00:00:00', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(readXeroDate(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '',
    '/Date()/',
    '/Date(99999999999999999)/',
    '/Date(9999999999999999)/',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-23T24:00:00',
    '2026-11-23T10:60:00',
    '11/23/2026',
    'now',
    '5',
  ])('%j is none', (text) => {
    expect(readXeroDate(text)).toBeUndefined();
  });
});
