import { sign, SIGNATURE_HEADER } from '@xero-webhooks/webhook';

/** The headers of a request as Xero sends it. */
export function signedHeaders(body: Uint8Array, key: string): Record<string, string> {
  return { 'content-type': 'application/json; charset=utf-8', [SIGNATURE_HEADER]: sign(body, key) };
}

/** Spoils a signature as Xero does in its check of the intent to receive: one character becomes a slash. */
export function spoilSignature(signature: string): string {
  const at = signature.startsWith('/') ? 1 : 0;
  return `${signature.slice(0, at)}${signature[at] === '/' ? '+' : '/'}${signature.slice(at + 1)}`;
}
