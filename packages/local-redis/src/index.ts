export { findExecutable } from './find-executable.ts';
export { freePort } from './free-port.ts';
export { findRedisBinary, firstLine, running, startJsRedis, startRedisBinary } from './local-redis.ts';
export type { LocalRedis, RedisKind } from './local-redis.ts';
