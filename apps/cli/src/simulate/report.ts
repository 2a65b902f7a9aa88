import type { Reply } from './send.ts';

/** Counts replies by status, and summarises their latency. */
export function reportReplies(replies: readonly Reply[]): string[] {
  const statuses = Map.groupBy(replies, ({ status }) => status);
  const counts = [...statuses]
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)))
    .map(([status, group]) => `${status} × ${group.length}`);
  const ms = replies.map((reply) => reply.ms).toSorted((a, b) => a - b);
  const at = (part: number): string => ms[Math.min(ms.length - 1, Math.floor(ms.length * part))]!.toFixed(1);
  const faults = [...new Set(replies.flatMap((reply) => reply.faults))];
  return [
    `answers    ${counts.join(', ')}`,
    `latency    median ${at(0.5)} ms, 99 % under ${at(0.99)} ms, slowest ${ms.at(-1)!.toFixed(1)} ms`,
    ...faults.map((fault) => `fault      ${fault}`),
  ];
}

/**
 * Tells what happened to events that were sent again and accepted.
 *
 * @param known how many of them the queue already had, if known
 */
export function reportDuplicates(events: number, known: number | undefined): string[] {
  const dropped = known ? [`duplicates ${known} dropped: the queue already has them`] : [];
  const unsure =
    known === events
      ? []
      : ['note       events that the queue already has, or that were handled, are dropped as duplicates'];
  return [...dropped, ...unsure];
}
