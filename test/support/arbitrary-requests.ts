import { sign } from '@xero-webhooks/webhook';
import fc from 'fast-check';

const often = <Value>(usual: Value, arbitrary: fc.Arbitrary<Value>, times = 15): fc.Arbitrary<Value> =>
  fc.oneof({ weight: times, arbitrary: fc.constant(usual) }, arbitrary);

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
const visibleText = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,30}$/);
const anyText = fc.stringMatching(/^[\x00-\xff]{0,30}$/);

const oddHeader = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom(
      'connection: close',
      'connection: keep-alive, x-xero-signature',
      'connection: upgrade\r\nupgrade: h2c',
      'expect: 100-continue',
      'expect: 200-ok',
      'content-encoding: gzip',
      'content-type: multipart/form-data',
      'transfer-encoding: identity',
      'te: trailers',
      'trailer: x-xero-signature',
      'x-http-method-override: GET',
      'x-forwarded-for: 127.0.0.1',
      '__proto__: a',
      'cookie: a=b',
      'range: bytes=0-1',
      ` folded: a\r\n b`,
      `long: ${'b'.repeat(15_000)}`,
    ),
  },
  { weight: 5, arbitrary: fc.tuple(token, visibleText).map(([name, value]) => `${name}: ${value}`) },
  anyText,
);

/** The body in chunks, which can be wrong too. */
const chunked = (body: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 5 }),
      often('', fc.constantFrom(';a=b', ';"', ' ')),
      often('0\r\n\r\n', fc.constantFrom('', '0\r\n', '0\r\na: b\r\n\r\n', '-1\r\n\r\n', 'ffffffffffffffff\r\n')),
    )
    .map(([sizes, extension, ending]) => {
      const pieces: string[] = [];
      let rest = body;
      for (const size of [...sizes, Infinity]) {
        const piece = rest.slice(0, size);
        rest = rest.slice(size);
        if (piece) pieces.push(`${piece.length.toString(16)}${extension}\r\n${piece}\r\n`);
      }
      return pieces.join('') + ending;
    });

/** A request for a path as text of Latin-1: mostly right, and wrong in some way or other. */
export function arbitraryRequest(path: string, body: Buffer, key: string): fc.Arbitrary<string> {
  const text = body.toString('latin1');
  const withLength = often(body.length, fc.integer({ min: 0, max: 2 * body.length })).map((length) => ({
    header: `content-length: ${length}`,
    content: text,
  }));
  const inChunks = chunked(text).map((content) => ({ header: 'transfer-encoding: chunked', content }));
  const both = fc.constant({ header: `content-length: ${body.length}\r\ntransfer-encoding: chunked`, content: text });
  const framed = fc.oneof(
    { weight: 6, arbitrary: withLength },
    { weight: 6, arbitrary: inChunks },
    { weight: 1, arbitrary: both },
  );
  return fc
    .record({
      method: often('POST', fc.oneof(fc.constantFrom('GET', 'PUT', 'OPTIONS', 'post', 'PRI'), token)),
      version: often('HTTP/1.1', fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', ''), 25),
      host: often('host: x', fc.constantFrom('', 'host:', 'host: x\r\nhost: y'), 25),
      signature: often(sign(body, key), visibleText, 5),
      odd: fc.array(oddHeader, { maxLength: 2 }),
      framed,
    })
    .map(({ method, version, host, signature, odd, framed: { header, content } }) => {
      const headers = [host, ...odd, `x-xero-signature: ${signature}`, header].filter(Boolean);
      return `${method} ${path} ${version}\r\n${headers.join('\r\n')}\r\n\r\n${content}`;
    });
}
