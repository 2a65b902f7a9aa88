import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export type Cipher = {
  /**
   * @param owner where the record is kept: it cannot be decrypted under another owner
   * @returns printable text
   */
  encrypt(text: string, owner: string): string;
  /** @returns `undefined` if none of the keys fits, or the record was changed or moved */
  decrypt(record: string, owner: string): string | undefined;
};

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256 in GCM with a random nonce, and the owner as additional authenticated data. A record is
 * `v1.` and, in base64url, the nonce, the encrypted text and the tag.
 *
 * @param keys 32 bytes in base64 each: the first encrypts, any decrypts
 */
export function createCipher(keys: readonly string[]): Cipher {
  const secrets = keys.map((key) => Buffer.from(key, 'base64'));
  const [first] = secrets;
  if (first === undefined) throw new RangeError('a cipher needs a key');

  return {
    encrypt(text, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, first, nonce).setAAD(Buffer.from(owner));
      const encrypted = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return VERSION + encrypted.toString('base64url');
    },
    decrypt(record, owner) {
      if (!record.startsWith(VERSION)) return undefined;
      const bytes = Buffer.from(record.slice(VERSION.length), 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      for (const secret of secrets) {
        const text = decryptWith(secret, bytes, owner);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}

function decryptWith(secret: Buffer, bytes: Buffer, owner: string): string | undefined {
  const decipher = createDecipheriv(ALGORITHM, secret, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
