import { Logger, makeWorkerUtils } from 'graphile-worker';
import { startExpressReceiver } from './express-receiver.ts';

const utils = await makeWorkerUtils({
  connectionString: process.env['DATABASE_URL'] ?? '',
  logger: new Logger(() => () => {}),
});
await utils.migrate();
startExpressReceiver((event) => utils.addJob('event', event));
