import type { Reply } from './send.ts';
import type { SimulationJson } from './schema.ts';
import type { Simulation } from './simulation.ts';

/** What a simulation came to, for people. */
export function reportSimulation(simulation: Simulation): string[] {
  const { what, url, fakeUrl, repeated, events, requests, sentTwice, replies, notes } = simulation;
  const by = fakeUrl === undefined ? '' : `, by the fake Xero at ${fakeUrl}`;
  const sent = (repeated ? 'sent again' : 'sent').padEnd(10);
  return [
    `${sent} ${events} ${what} in ${requests} request${requests === 1 ? '' : 's'} to ${url}${by}`,
    ...(sentTwice > 0 ? [`sent twice ${sentTwice} of the requests, as Xero does`] : []),
    ...(replies.length === 0 ? [] : reportReplies(simulation)),
    ...notes,
  ];
}

/** Counts replies by status, and summarises their latency. */
function reportReplies({ replies, ms }: Simulation): string[] {
  const { median, p99, max } = latencyOf(replies);
  const rate = ms < 1_000 ? '' : `, ${(replies.length / (ms / 1_000)).toFixed(1)} requests/s`;
  return [
    `answers    ${answersOf(replies)
      .map(({ status, count }) => `${status} × ${count}`)
      .join(', ')}`,
    `latency    median ${median.toFixed(1)} ms, 99 % under ${p99.toFixed(1)} ms, slowest ${max.toFixed(1)} ms${rate}`,
    ...faultsOf(replies).map((fault) => `fault      ${fault}`),
  ];
}

/** The same for scripts. */
export function simulationJson(simulation: Simulation): SimulationJson {
  const { what: event, url, fakeUrl, events, requests, sentTwice, replies, ms, passed } = simulation;
  return {
    event,
    url,
    byFake: fakeUrl !== undefined,
    events,
    requests,
    sentTwice,
    answers: answersOf(replies),
    latencyMs: latencyOf(replies),
    perSecond: ms > 0 ? replies.length / (ms / 1_000) : 0,
    faults: faultsOf(replies),
    passed,
  };
}

function answersOf(replies: readonly Reply[]): { status: Reply['status']; count: number }[] {
  return [...Map.groupBy(replies, ({ status }) => status)]
    .map(([status, group]) => ({ status, count: group.length }))
    .toSorted((a, b) => String(a.status).localeCompare(String(b.status)));
}

function latencyOf(replies: readonly Reply[]): { median: number; p99: number; max: number } {
  const ms = replies.map((reply) => reply.ms).toSorted((a, b) => a - b);
  const at = (part: number): number => ms[Math.min(ms.length - 1, Math.floor(ms.length * part))] ?? 0;
  return { median: at(0.5), p99: at(0.99), max: at(1) };
}

function faultsOf(replies: readonly Reply[]): string[] {
  return [...new Set(replies.flatMap((reply) => reply.faults))];
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
