import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The request header in which Xero sends the signature. */
export const SIGNATURE_HEADER = 'x-xero-signature';

/** Whether a signature matches the bytes, and if so, with which key (its place in the list, from 0). */
export type SignatureMatch = { matched: true; keyIndex: number } | { matched: false };

export type SignatureCheck = (rawBody: Uint8Array, signature: string | undefined) => SignatureMatch;

/** Base64 of an HMAC-SHA256 is always 44 characters, a byte each. */
const SIGNATURE_LENGTH = 44;

/**
 * Xero signs the raw bytes of the body with HMAC-SHA256. The key is the string from the developer portal as
 * literal UTF-8, not base64-decoded (https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/).
 *
 * @param keys the webhook keys, any of which may match (rotation). Empty strings and an empty list throw a TypeError.
 * @returns a function of the raw body and the header's value. It never throws: a header that is missing, malformed, of the
 *   wrong length or signed with another key does not match. It must be exactly the expected base64 string; nothing is
 *   decoded leniently. Every key is tried in constant time, whether or not an earlier one matched.
 */
export function createSignatureCheck(keys: readonly string[]): SignatureCheck {
  if (keys.length === 0) throw new TypeError('at least one webhook key is needed');
  const secrets = keys.map(secretOf);

  return (rawBody, signature) => {
    if (typeof signature !== 'string') return { matched: false };
    // UTF-8, because Latin-1 would cut a character above U+00FF to a byte, which might match.
    const sent = Buffer.from(signature, 'utf8');
    if (sent.length !== SIGNATURE_LENGTH) return { matched: false };
    let keyIndex = -1;
    for (let index = secrets.length - 1; index >= 0; index--) {
      const expected = Buffer.from(digest(rawBody, secrets[index] as KeyObject), 'utf8');
      if (timingSafeEqual(sent, expected)) keyIndex = index;
    }
    return keyIndex === -1 ? { matched: false } : { matched: true, keyIndex };
  };
}

/**
 * Signs a body as Xero does.
 *
 * @param rawBody the exact bytes to send
 * @param key the webhook key, as in the developer portal
 * @returns the value of the `x-xero-signature` header
 */
export function sign(rawBody: Uint8Array, key: string): string {
  return digest(rawBody, secretOf(key));
}

function secretOf(key: string): KeyObject {
  if (key === '') throw new TypeError('a webhook key must not be empty');
  return createSecretKey(Buffer.from(key, 'utf8'));
}

function digest(rawBody: Uint8Array, secret: KeyObject): string {
  return createHmac('sha256', secret).update(rawBody).digest('base64');
}
