import { eventKey } from '@xero-webhooks/webhook';
import fc from 'fast-check';

/** A body, and the keys of the events in it that can be read, where it was made of such. */
export type ArbitraryBody = { readonly bytes: Buffer; readonly keys?: readonly string[] };

const word = fc.stringMatching(/^[A-Za-z]{1,40}$/);
const id = fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/);
const date = fc
  .tuple(
    fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }),
    fc.constantFrom('', 'Z', '.1', '.1234567Z'),
  )
  .map(([day, ending]) => `${day.toISOString().slice(0, 19)}${ending}`);

/** Text that somebody could hope to break out with: of a log line, a header, a key, a script. */
const nastyText = fc.constantFrom(
  '\n{"level":"fatal","msg":"uncaught error"}\n',
  '\r\nset-cookie: a=b\r\n\r\n',
  '\u0000',
  '\u2028\uD800',
  '*:{}?[a]',
  '"; return redis.call("FLUSHALL") --',
  '__proto__',
  '../../etc/passwd',
);

const anyJson = fc.oneof(
  fc.json({ maxDepth: 4 }),
  nastyText.map((text) => JSON.stringify(text)),
  fc.integer({ min: 1, max: 90 }).map((levels) => '['.repeat(levels) + ']'.repeat(levels)),
  fc.integer({ min: 1, max: 100_000 }).map((length) => `"${'a'.repeat(length)}"`),
);

/** Fields as text, so that names can come twice, and `__proto__` is one of them. */
const otherFields = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toJSON', 'length', 'data', 'v', 'id'), fc.string()),
      anyJson,
    ),
    { maxLength: 3 },
  )
  .map((fields) => fields.map(([name, value]) => `,${JSON.stringify(name)}:${value}`).join(''));

const NAMES = ['resourceId', 'tenantId', 'eventCategory', 'eventType', 'eventDateUtc'] as const;
type Fields = Record<(typeof NAMES)[number], string>;

const fields: fc.Arbitrary<Fields> = fc.record({
  resourceId: id,
  tenantId: id,
  eventCategory: word,
  eventType: word,
  eventDateUtc: date,
});

type Entry = { readonly text: string; readonly key?: string };

const entryText = (values: Readonly<Record<string, unknown>>, others: string): string =>
  `${JSON.stringify(values).slice(0, -1)}${others}}`;

const readableEntry: fc.Arbitrary<Entry> = fc
  .tuple(fields, otherFields)
  .filter(([, others]) => !NAMES.some((name) => others.includes(`"${name}"`)))
  .map(([values, others]) => ({ text: entryText(values, others), key: eventKey(values) }));

const unreadableEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constantFrom('1', 'null', '"text"', '[]', '[{}]', '{}').map((text) => ({ text })),
  fc
    .tuple(fields, fc.constantFrom(...NAMES), fc.oneof(fc.constantFrom(null, 5, '', {}, []), nastyText))
    .map(([values, name, wrong]) => ({ text: JSON.stringify({ ...values, [name]: wrong }) })),
  fields.map((values) => ({ text: entryText(values, `,"data":${'['.repeat(5_000)}${']'.repeat(5_000)}`) })),
);

const payload: fc.Arbitrary<ArbitraryBody> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: readableEntry }, unreadableEntry), { maxLength: 8 }),
    fc.oneof(fc.constant(',"firstEventSequence": 1,"lastEventSequence": 1,"lastEventSequence":null'), otherFields),
    fc.constantFrom('', '\uFEFF'),
  )
  .filter(([, others]) => !others.includes('"events"'))
  .map(([entries, others, mark]) => ({
    bytes: Buffer.from(`${mark}{"events":[${entries.map(({ text }) => text).join(',')}]${others}}`),
    keys: entries.flatMap(({ key }) => (key === undefined ? [] : [key])),
  }));

const bytes = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map((all) => Buffer.from(all));

/** A payload of which a part was cut out, and other bytes put there. */
const spoiltPayload: fc.Arbitrary<ArbitraryBody> = fc
  .tuple(payload, fc.nat(), fc.nat({ max: 50 }), bytes(8))
  .map(([{ bytes: whole }, where, gap, others]) => {
    const at = where % (whole.length + 1);
    return { bytes: Buffer.concat([whole.subarray(0, at), others, whole.subarray(at + gap)]) };
  });

const truncatedPayload: fc.Arbitrary<ArbitraryBody> = fc
  .tuple(payload, fc.nat())
  .map(([{ bytes: whole }, length]) => ({ bytes: whole.subarray(0, length % (whole.length + 1)) }));

const nested: fc.Arbitrary<ArbitraryBody> = fc
  .tuple(fc.constantFrom('[', '{"a":', '{"events":', '{"events":['), fc.integer({ min: 1, max: 50_000 }))
  .map(([opening, levels]) => ({ bytes: Buffer.from(opening.repeat(levels)) }));

/** Everything that somebody who has a key could sign. */
export const arbitraryBody: fc.Arbitrary<ArbitraryBody> = fc.oneof(
  { weight: 4, arbitrary: payload },
  { weight: 2, arbitrary: spoiltPayload },
  truncatedPayload,
  nested,
  bytes(300).map((all) => ({ bytes: all })),
  anyJson.map((text) => ({ bytes: Buffer.from(text) })),
);
