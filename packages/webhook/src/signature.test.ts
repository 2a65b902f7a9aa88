import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSignatureCheck, sign } from './signature.ts';

const vectorA = {
  key: 'LR+QgKlbRciIPYpi65tTKLaZ3FzLLofCNEQWrRXqWXJeDFrfexzfVI9SmnVuCWDJ4jnjHB9ECtOyxZSofRxwWw==',
  body: '{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, "entropy": "LUWDSUDGSWNZVALZXBEV"}',
  good: 'BjzNbYUfrzg4g8wxm+dKHaZVrKxr2m75E296fUbD1E4=',
  bad: '/jzNbYUfrzg4g8wxm+dKHaZVrKxr2m75E296fUbD1E4=',
};
const vectorB = {
  key: 'test_key',
  body: '{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, "entropy": "NLDZEGWUXNHESAQVGLYF"}',
  good: 'ixznmr+Pdl6QymsWZM+9UkY4lu97q04sJyejmSOp25U=',
};
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('a signature check', () => {
  it.each([vectorA, vectorB])('accepts a captured signature of Xero', ({ key, body, good }) => {
    expect(createSignatureCheck([key])(bytes(body), good)).toEqual({ matched: true, keyIndex: 0 });
  });

  it('refuses the signature that Xero sends to see a 401', () => {
    expect(createSignatureCheck([vectorA.key])(bytes(vectorA.body), vectorA.bad)).toEqual({ matched: false });
  });

  it('takes the key as literal text, not as base64', () => {
    const decoded = Buffer.from(vectorA.key, 'base64').toString('latin1');
    expect(createSignatureCheck([decoded])(bytes(vectorA.body), vectorA.good).matched).toBe(false);
  });

  it('tells which of several keys matched', () => {
    const check = createSignatureCheck(['old', vectorB.key, 'new']);
    expect(check(bytes(vectorB.body), vectorB.good)).toEqual({ matched: true, keyIndex: 1 });
    expect(check(bytes('{}'), sign(bytes('{}'), 'new'))).toEqual({ matched: true, keyIndex: 2 });
  });

  it('names the first of two equal keys', () => {
    const check = createSignatureCheck([vectorB.key, vectorB.key]);
    expect(check(bytes(vectorB.body), vectorB.good)).toEqual({ matched: true, keyIndex: 0 });
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['a header without its padding', vectorB.good.slice(0, -1)],
    ['base64url', vectorB.good.replaceAll('+', '-').replaceAll('/', '_')],
    ['leading white space', ` ${vectorB.good}`],
    ['trailing white space', `${vectorB.good} `],
    ['the header sent twice', `${vectorB.good}, ${vectorB.good}`],
    ['a slash in between', `/${vectorB.good}`],
    ['characters that differ only above the first byte', `\u0169${vectorB.good.slice(1)}`],
    ['a non-canonical last character', `${vectorB.good.slice(0, 42)}V=`],
    ['the hexadecimal form', Buffer.from(vectorB.good, 'base64').toString('hex')],
  ])('refuses %s', (_what, header) => {
    expect(createSignatureCheck([vectorB.key])(bytes(vectorB.body), header)).toEqual({ matched: false });
  });

  it('refuses to be made without a key, or with an empty one', () => {
    expect(() => createSignatureCheck([])).toThrow(TypeError);
    expect(() => createSignatureCheck(['a', ''])).toThrow(TypeError);
  });

  it('verifies what was signed with the same key, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string({ minLength: 1 }), (body, key) => {
        expect(createSignatureCheck([key])(body, sign(body, key)).matched).toBe(true);
      }),
    );
  });

  it('never verifies a body with one bit flipped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), fc.nat(), (body, at) => {
        const signature = sign(body, vectorA.key);
        const flipped = flipBit(body, at % (body.length * 8));
        expect(createSignatureCheck([vectorA.key])(flipped, signature).matched).toBe(false);
      }),
    );
  });

  it('never verifies a signature with one bit flipped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 44 * 8 - 1 }), (body, at) => {
        const flipped = flipBit(Buffer.from(sign(body, vectorA.key), 'latin1'), at);
        const header = Buffer.from(flipped).toString('latin1');
        expect(createSignatureCheck([vectorA.key])(body, header).matched).toBe(false);
      }),
    );
  });

  it('never throws, whatever the bytes and the header', () => {
    const check = createSignatureCheck([vectorA.key, vectorB.key]);
    fc.assert(
      fc.property(fc.uint8Array(), fc.option(fc.string({ unit: 'binary', maxLength: 100 })), (body, header) => {
        expect(check(body, header ?? undefined).matched).toBe(false);
      }),
    );
  });
});

function flipBit(from: Uint8Array, at: number): Uint8Array {
  const flipped = Uint8Array.from(from);
  flipped[at >> 3]! ^= 1 << (at & 7);
  return flipped;
}
