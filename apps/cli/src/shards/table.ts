import type { QueueContents } from '@xero-webhooks/queue';

const COLUMNS = {
  waiting: (queue: QueueContents) => queue.waiting + queue.prioritized,
  active: (queue: QueueContents) => queue.active,
  delayed: (queue: QueueContents) => queue.delayed,
  'dead letters': (queue: QueueContents) => queue.deadLetters,
  handled: (queue: QueueContents) => queue.handled,
};

/**
 * Lists the queues that workers read, and any other queue that is not empty.
 *
 * @param recorded the number of queues that workers read
 */
export function shardsTable(queues: readonly QueueContents[], recorded: number): string[] {
  const shown = queues.filter(({ shard, left, handled }) => shard < recorded || left + handled > 0);
  const rows = shown.map((queue) => [queue.name, ...Object.values(COLUMNS).map((count) => String(count(queue)))]);
  const all = [['queue', ...Object.keys(COLUMNS)], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row, index) => {
    const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)));
    const unwatched = index > 0 && shown[index - 1]!.shard >= recorded;
    return `${cells.join('  ')}${unwatched ? '  no worker reads this queue' : ''}`.trimEnd();
  });
}
