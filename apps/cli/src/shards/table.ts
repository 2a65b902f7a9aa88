import type { QueueContents } from '@xero-webhooks/queue';
import { tableOf } from '../table.ts';

const COLUMNS = {
  waiting: (queue: QueueContents) => queue.waiting + queue.prioritized,
  active: (queue: QueueContents) => queue.active,
  delayed: (queue: QueueContents) => queue.delayed,
  'dead letters': (queue: QueueContents) => queue.deadLetters,
  handled: (queue: QueueContents) => queue.handled,
};

/**
 * The queues that workers read, and any other queue that is not empty.
 *
 * @param recorded the number of queues that workers read
 */
export function queuesToShow(queues: readonly QueueContents[], recorded: number): QueueContents[] {
  return queues.filter(({ shard, left, handled }) => shard < recorded || left + handled > 0);
}

export function shardsTable(queues: readonly QueueContents[], recorded: number): string[] {
  const columns = [
    { title: 'queue' },
    ...Object.keys(COLUMNS).map((title) => ({ title, right: true })),
    // What has no title is a remark.
    { title: '' },
  ];
  const rows = queues.map((queue) => [
    queue.name,
    ...Object.values(COLUMNS).map((count) => String(count(queue))),
    queue.shard < recorded ? '' : 'no worker reads this queue',
  ]);
  return tableOf(columns, rows);
}
