import { PgBoss } from 'pg-boss';

export const QUEUE = 'xero-webhooks';

/** Opens the queue, whose workers are woken by each new job. */
export async function openBoss(): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: process.env['DATABASE_URL'] ?? '', useListenNotify: true });
  boss.on('error', (error) => process.stderr.write(`${String(error)}\n`));
  await boss.start();
  await boss.createQueue(QUEUE, { notify: true });
  return boss;
}
