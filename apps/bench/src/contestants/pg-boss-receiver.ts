import { startExpressReceiver } from './express-receiver.ts';
import { openBoss, QUEUE } from './pg-boss-queue.ts';

const boss = await openBoss();
startExpressReceiver((event) => boss.send(QUEUE, event));
