/**
 * A secret that both sides share. The specification asks for 24 to 64 random bytes and has shorter ones in its examples, so
 * 16 are enough here (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric).
 * Padded, as the package that signs takes no others.
 */
export const SECRET_PATTERN = /^whsec_(?=.{24,88}$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Completes the sentence "it must be …". */
export const SECRET_EXPECTED = 'whsec_ and 16 to 64 random bytes in base64';
