import { createRedisMock } from 'js-redis-server';

// Started by `startJsRedis`; ends with the process that started it.
const redis = await createRedisMock();
const [address] = redis.addresses();
process.stdout.write(`listening on ${address!.port}\n`);
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
