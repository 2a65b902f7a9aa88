import { createHmac } from 'node:crypto';
import { spoilSignature, xeroBody } from '@xero-webhooks/fake-xero';
import { sign } from '@xero-webhooks/webhook';
import type { CheckId } from './check.ts';

/** A signature that no endpoint may accept, and the check that it belongs to. */
export type BadSignature = {
  readonly check: CheckId;
  /** What is wrong with it, in words that go on from "accepts". */
  readonly what: string;
  /** `undefined` to send no header. */
  readonly signature: string | undefined;
  /** Whether only a lenient base64 decoder lets it pass: no forgery, but not what Xero sends either. */
  readonly lenient?: boolean;
};

/** A way in which a receiver may compute the signature that it expects. */
export type Way = {
  /** Makes the signature that it accepts. */
  readonly sign: (body: Buffer) => string;
  /** Makes a body that it verifies as Xero's bytes would be verified. */
  readonly form: (body: Buffer) => Buffer;
};

/** A way that differs from Xero's, the check that it fails, and what to change. */
export type WrongWay = Way & { readonly check: CheckId; readonly why: string; readonly fix: string };

/** Xero's way: HMAC-SHA256 over the raw bytes, the key as text, in base64. */
export function rightWay(key: string): Way {
  return { sign: (body) => sign(body, key), form: (body) => body };
}

const AS_TEXT = 'use the key as the portal shows it, as text: do not decode it from base64';
const AS_RAW = 'compute the HMAC over the bytes of the body as they came, before any JSON parser';

/** The ways that receivers get wrong. */
export function wrongWays(key: string): WrongWay[] {
  const decoded = Buffer.from(key, 'base64');
  const raw = (body: Buffer): Buffer => body;
  const hmac = (secret: Buffer | string, form: 'base64' | 'hex', write = raw) => ({
    sign: (body: Buffer) => createHmac('sha256', secret).update(write(body)).digest(form),
    form: write,
  });
  const writers = [compact, spaced];
  return [
    { ...hmac(decoded, 'base64'), check: 'key-as-text', why: 'it decodes the key from base64', fix: AS_TEXT },
    ...writers.map((write) => ({
      ...hmac(key, 'base64', write),
      check: 'raw-body' as const,
      why: 'it parses the body and writes it again before it verifies it',
      fix: AS_RAW,
    })),
    ...writers.map((write) => ({
      ...hmac(decoded, 'base64', write),
      check: 'raw-body' as const,
      why: 'it writes the body again before it verifies it, and decodes the key from base64',
      fix: `${AS_RAW}, and ${AS_TEXT}`,
    })),
    {
      ...hmac(key, 'hex'),
      check: 'accepts-signed',
      why: 'it expects the signature in hexadecimal',
      fix: 'write the HMAC in base64',
    },
  ];
}

/** As JavaScript, PHP and many others write JSON. */
function compact(body: Buffer): Buffer {
  return Buffer.from(JSON.stringify(JSON.parse(body.toString())));
}

/** As Python writes JSON. */
function spaced(body: Buffer): Buffer {
  const fields = Object.entries(JSON.parse(body.toString()) as Record<string, unknown>);
  return Buffer.from(`{${fields.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(', ')}}`);
}

/** A body whose signature has a "/" in it, as every second has: one of the checks leaves it out. */
export function bodyFor({ sign: signAs, form }: Way): Buffer {
  for (;;) {
    const body = form(xeroBody([], 0));
    if (signAs(body).slice(1, -1).includes('/') || /^[0-9a-f]+$/.test(signAs(body))) return body;
  }
}

/**
 * Signatures that are nearly right.
 *
 * @param key the webhook key
 * @param way how the endpoint computes the signature that it expects
 */
export function badSignatures(body: Buffer, key: string, way: Way): BadSignature[] {
  const good = way.sign(body);
  const middle = Math.floor(good.length / 2);
  const replaced = (at: number): string => `${good.slice(0, at)}${good[at] === '/' ? '+' : '/'}${good.slice(at + 1)}`;
  const without = good.replaceAll('/', '');
  return [
    { check: 'refuses-unsigned', what: 'a request without a signature', signature: undefined },
    { check: 'refuses-unsigned', what: 'an empty signature', signature: '' },
    { check: 'refuses-other-key', what: 'a signature made with another key', signature: sign(body, `${key}x`) },
    { check: 'refuses-other-body', what: 'the signature of another body', signature: way.sign(bodyFor(way)) },
    { check: 'refuses-replaced', what: 'a "/" in place of the first character', signature: spoilSignature(good) },
    { check: 'refuses-replaced', what: 'a "/" in place of a character in the middle', signature: replaced(middle) },
    {
      check: 'refuses-replaced',
      what: 'a "/" in place of a character near the end',
      signature: replaced(good.length - 4),
    },
    ...(without === good
      ? []
      : [{ check: 'refuses-slash' as const, what: 'a signature without its "/"', signature: without }]),
    { check: 'refuses-slash', what: 'a signature with a "/" before it', signature: `/${good}` },
    { check: 'refuses-case', what: 'a signature with its case changed', signature: swapCase(good) },
    { check: 'refuses-case', what: 'a signature in lower case', signature: good.toLowerCase() },
    { check: 'refuses-truncated', what: 'the first half of a signature', signature: good.slice(0, middle) },
    { check: 'refuses-truncated', what: 'the first character of a signature', signature: good.slice(0, 1) },
    { check: 'refuses-truncated', what: 'a signature without its last characters', signature: good.slice(0, -3) },
    {
      check: 'refuses-truncated',
      what: 'a signature without its padding',
      signature: good.slice(0, -1),
      lenient: true,
    },
    { check: 'refuses-extended', what: 'a signature with a character behind it', signature: `${good}A` },
    { check: 'refuses-extended', what: 'a signature with another one behind it', signature: `${good}${good}` },
    { check: 'refuses-extended', what: 'a signature with a character before it', signature: `A${good}` },
  ].filter(({ signature }) => signature !== good) as BadSignature[];
}

function swapCase(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
