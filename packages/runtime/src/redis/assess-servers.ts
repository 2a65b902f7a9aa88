import { Cluster } from 'ioredis';
import { CodedError } from '../coded-error.ts';
import { assessRedis } from './assess.ts';
import type { RedisClient } from './connect.ts';
import { mastersOf } from './masters.ts';

export type ServersAssessment = {
  /** The largest used fraction of `maxmemory`. */
  readonly memory: number;
  /** Whether a server that should be the master is a replica. */
  readonly misled: boolean;
  readonly warnings: ReadonlySet<string>;
};

/**
 * Judges each server that a client writes to.
 *
 * @throws CodedError `XW_REDIS_REFUSED` if one of them is unfit
 */
export async function assessServers(client: RedisClient, address: string): Promise<ServersAssessment> {
  const infos = await Promise.all(mastersOf(client).map((server) => server.info()));
  const assessments = infos.map((info) => {
    const assessment = assessRedis(info);
    if (assessment.fit) return assessment;
    throw new CodedError('XW_REDIS_REFUSED', `${assessment.reason} (${address})`);
  });
  return {
    memory: Math.max(0, ...assessments.map(({ memory }) => memory)),
    misled: !(client instanceof Cluster) && assessments.some(({ replica }) => replica),
    warnings: new Set(assessments.flatMap(({ warnings }) => warnings)),
  };
}
