import { randomBytes } from 'node:crypto';

/**
 * Makes short unique names for the requests that a process receives: six random bytes for the process, and a counter.
 * Cheaper, and in every job shorter, than a UUID.
 */
export function createDeliveryIds(): () => string {
  const process = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${process}-${(count++).toString(36)}`;
}
