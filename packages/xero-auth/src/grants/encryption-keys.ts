import type { Format } from '@xero-webhooks/runtime';
import { list, tokenMatching } from '@xero-webhooks/runtime';

/** 43 characters and the padding are 32 bytes; the last character has two spare bits, which must be 0. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** One or more keys of 32 bytes, in base64 each, with commas between them. */
export const encryptionKeys: Format<readonly string[]> = list(
  tokenMatching(KEY, '32 bytes in base64, as `openssl rand -base64 32` makes them'),
);
