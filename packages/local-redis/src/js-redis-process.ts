import { createRedisMock } from 'js-redis-server';

// Started by `startJsRedis`, and not there any longer than the process that did.
const redis = await createRedisMock();
const [address] = redis.addresses();
process.stdout.write(`listening on ${address!.port}\n`);
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
