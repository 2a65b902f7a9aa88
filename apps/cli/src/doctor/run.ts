import type { QueueRedis } from '@xero-webhooks/queue';
import { createQuarantine } from '@xero-webhooks/queue';
import { CodedError } from '@xero-webhooks/runtime';
import { connectToQueues } from '../connect.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkQueues } from './check-queues.ts';
import { checkRedis } from './check-redis.ts';
import { checkXero } from './check-xero.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';
import { reportFindings } from './report.ts';
import type { DoctorJson } from './schema.ts';

/** Nothing is added to the quarantine here. */
const NO_ROOM = 0;

export async function runDoctor({ json = false }: { json?: boolean }): Promise<void> {
  const findings = [...checkConfiguration(process.env), ...(await checkSystem())];
  const healthy = findings.every(({ result }) => result !== 'problem');
  const result: DoctorJson = { healthy, findings };
  if (json) printJson(result);
  else printLines(reportFindings(findings));
  process.exitCode = healthy ? 0 : 1;
}

async function checkSystem(): Promise<Finding[]> {
  let redis: QueueRedis;
  try {
    redis = await connectToQueues(process.env, process.cwd());
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    // Its message says what to do.
    return [findingsOf('redis').problem(error.message, 'the rest can only be looked at with Redis')];
  }
  try {
    return [
      ...(await checkRedis(redis)),
      ...(await checkQueues(redis, createQuarantine(redis, NO_ROOM))),
      ...(await checkXero(redis, process.env)),
    ];
  } finally {
    redis.close();
  }
}
