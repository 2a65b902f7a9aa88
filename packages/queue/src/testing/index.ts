export { eventSystem, jobData, waitFor } from './event-system.ts';
export type { Behaviour } from './event-system.ts';
export { testQueueRedis } from './queue-redis.ts';
