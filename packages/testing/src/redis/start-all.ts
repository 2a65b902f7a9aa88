/**
 * Starts several servers together. Where one does not start, those that did are stopped.
 *
 * @throws the first fault
 */
export async function startAll<Member, Server extends { stop(): Promise<void> }>(
  members: readonly Member[],
  start: (member: Member) => Promise<Server>,
): Promise<Server[]> {
  const settled = await Promise.allSettled(members.map(start));
  const servers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (!failed) return servers;
  await Promise.all(servers.map((server) => server.stop()));
  throw failed.reason;
}
