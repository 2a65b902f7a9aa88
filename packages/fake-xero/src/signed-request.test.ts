import { createSignatureCheck, sign } from '@xero-webhooks/webhook';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureA, captureB } from '@xero-webhooks/testing';
import { signedHeaders, spoilSignature } from './signed-request.ts';

describe('a signed request', () => {
  it('has the signature that Xero would send', () => {
    for (const { key, body, good } of [captureA, captureB]) {
      expect(signedHeaders(Buffer.from(body), key)).toEqual({
        'content-type': 'application/json; charset=utf-8',
        'x-xero-signature': good,
      });
    }
  });
});

describe('a spoilt signature', () => {
  it('is the one that Xero sends in its check of the intent to receive', () => {
    expect(spoilSignature(captureA.good)).toBe(captureA.bad);
  });

  it('never matches, and is as long as the good one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ minLength: 1 }), (body, key) => {
        const good = sign(body, key);
        const bad = spoilSignature(good);
        expect(bad).toHaveLength(good.length);
        expect(createSignatureCheck([key])(body, bad)).toEqual({ matched: false });
      }),
    );
  });

  it.each(['/abc=', '//bc=', '/+bc=', '+abc=', 'Abc='])('never equals what it was made from: %s', (signature) => {
    expect(spoilSignature(signature)).not.toBe(signature);
    expect(spoilSignature(signature)).toHaveLength(signature.length);
  });

  it('never equals what it was made from, whatever that was', () => {
    const signatures = fc.string({ unit: fc.constantFrom('/', '+', 'A', '='), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(signatures, (signature) => {
        expect(spoilSignature(signature)).not.toBe(signature);
      }),
    );
  });
});
