export { captureA, captureB, creditNoteBody, severalEventsBody } from './captures.ts';
export type { Capture } from './captures.ts';
export { findRedisBinary, freePort, startJsRedis, startRedisBinary } from './redis/local-redis.ts';
export type { LocalRedis, RedisKind } from './redis/local-redis.ts';
export { startRedisForTests } from './redis/redis-for-tests.ts';
export type { RedisForTests } from './redis/redis-for-tests.ts';
export { signedHeaders, spoilSignature } from './signed-request.ts';
export { xeroBody, xeroDate, xeroEvent } from './xero-body.ts';
