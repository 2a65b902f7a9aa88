import { join } from 'node:path';
import type { Command } from 'commander';
import type { Figure } from '../figure.ts';
import { WEBHOOK_KEY } from '../ingress/contestants.ts';
import { findLoadTool } from '../ingress/load-tool.ts';
import { writeRequests } from '../ingress/requests.ts';
import { jsonOption } from '../options.ts';
import { note, publish } from '../report.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { wholeNumber } from '../whole-number.ts';
import { outages } from './outages.ts';
import type { Phase } from './outages.ts';

/** Sent again and again during an outage: none of them is stored. */
const REQUESTS = 60_000;

/** How much an ingress may grow, in megabytes: more than what garbage collection moves, and bounded. */
const FLAT_MB = 64;

type Options = { seconds: number; connections: number; json?: string };

/** Adds `bench outage`. */
export function addOutageCommand(program: Command, signal: AbortSignal): void {
  program
    .command('outage')
    .description('The memory of an ingress under full load while Redis hangs, and while it is gone.')
    .option('--seconds <n>', 'how long each outage lasts', wholeNumber(5, 600), 60)
    .option('--connections <n>', 'how many connections send', wholeNumber(1, 10_000), 1_000)
    .addOption(jsonOption())
    .action(async ({ seconds, connections, json }: Options) => {
      const { name: tool, send } = findLoadTool(undefined);
      using dir = temporaryFolder('requests');
      note('signing requests …');
      const requests = await writeRequests(join(dir.path, '1'), {
        requests: REQUESTS,
        eventsEach: 1,
        key: WEBHOOK_KEY,
      });
      const { machine, before, hung, gone } = await outages({ send, requests, seconds, connections }, signal);
      const about = `${connections} connections, load by ${tool}; ${seconds} s with Redis stopped, then ${seconds} s without it`;
      const figures = [
        { what: 'with Redis: most memory', unit: 'MB', value: before.mostMegabytes },
        ...figuresOf('Redis hangs', hung, before),
        ...figuresOf('Redis is gone', gone, before),
      ];
      publish({ benchmark: 'outage', about, machine, figures, details: [] }, json);
    });
}

function figuresOf(what: string, phase: Phase, before: Phase): Figure[] {
  return [
    { what: `${what}: requests refused`, unit: 'a second', value: phase.load.refused / phase.seconds },
    { what: `${what}: requests not answered`, unit: '', value: phase.load.broken, target: 0 },
    { what: `${what}: 99.9 % answered within`, unit: 'ms', value: phase.load.p999 },
    { what: `${what}: most memory`, unit: 'MB', value: phase.mostMegabytes },
    {
      what: `${what}: grown by`,
      unit: 'MB',
      value: phase.mostMegabytes - before.mostMegabytes,
      target: FLAT_MB,
    },
  ];
}
