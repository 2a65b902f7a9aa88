import { sign, SIGNATURE_HEADER } from '@xero-webhooks/webhook';

/** The headers of a webhook request. */
export function signedHeaders(body: Uint8Array, key: string): Record<string, string> {
  return { 'content-type': 'application/json; charset=utf-8', [SIGNATURE_HEADER]: sign(body, key) };
}

/** An invalid signature like those in Xero's intent-to-receive check: one character becomes a slash. */
export function spoilSignature(signature: string): string {
  const at = signature.startsWith('/') ? 1 : 0;
  return `${signature.slice(0, at)}${signature[at] === '/' ? '+' : '/'}${signature.slice(at + 1)}`;
}
