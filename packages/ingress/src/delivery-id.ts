import { randomBytes } from 'node:crypto';

/**
 * Gives each request that this process receives a unique id: six random bytes for the process, then a counter. It is
 * cheaper than a UUID, and shorter, which counts because every job carries it.
 */
export function createDeliveryIds(): () => string {
  const process = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${process}-${(count++).toString(36)}`;
}
