import { join } from 'node:path';
import type { Command } from 'commander';
import { temporaryFolder } from '../harness/bench-redis.ts';
import type { Figure } from '../harness/figure.ts';
import { jsonOption, wholeNumber } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import { findLoadTool } from '../load/load-tool.ts';
import { writeRequests } from '../load/requests.ts';
import { outages } from './outages.ts';
import type { Phase } from './outages.ts';

/** Sent over and over: during an outage none of them is stored. */
const REQUESTS = 60_000;

/** How much the ingress may grow, in megabytes: more than garbage collection varies by. */
const MAX_GROWTH_MB = 64;

type Options = { seconds: number; connections: number; json?: string };

export function addOutageCommand(program: Command, signal: AbortSignal): void {
  program
    .command('outage')
    .description("The ingress's memory under full load while Redis hangs, and while it is down.")
    .option('--seconds <n>', 'length of each outage', wholeNumber(5, 600), 60)
    .option('--connections <n>', 'number of connections', wholeNumber(1, 10_000), 1_000)
    .addOption(jsonOption())
    .action(async ({ seconds, connections, json }: Options) => {
      const { name: tool, send } = findLoadTool(undefined);
      using dir = temporaryFolder('requests');
      note('signing requests …');
      const requests = await writeRequests(join(dir.path, '1'), { requests: REQUESTS, eventsEach: 1 });
      const { machine, before, hung, down } = await outages({ send, requests, seconds, connections }, signal);
      const about = `${connections} connections, load by ${tool}; ${seconds} s with Redis stopped, then ${seconds} s without it`;
      const figures = [
        { what: 'with Redis: peak memory', unit: 'MB', value: before.peakMegabytes },
        ...figuresOf('Redis hangs', hung, before),
        ...figuresOf('Redis is down', down, before),
      ];
      publish({ benchmark: 'outage', about, machine, figures, details: [] }, json);
    });
}

function figuresOf(what: string, phase: Phase, before: Phase): Figure[] {
  return [
    { what: `${what}: requests refused`, unit: 'per second', value: phase.load.refused / phase.seconds },
    { what: `${what}: requests not answered`, unit: '', value: phase.load.broken, target: 0 },
    { what: `${what}: 99.9 % answered within`, unit: 'ms', value: phase.load.p999 },
    { what: `${what}: peak memory`, unit: 'MB', value: phase.peakMegabytes },
    {
      what: `${what}: growth`,
      unit: 'MB',
      value: phase.peakMegabytes - before.peakMegabytes,
      target: MAX_GROWTH_MB,
    },
  ];
}
