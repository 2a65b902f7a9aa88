import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { temporaryFolder } from './harness/bench-redis.ts';
import { note } from './harness/report.ts';

/** The benchmarks that compare us with others, as short as is still meaningful. */
const COMPARISONS: readonly (readonly [string, ...string[]])[] = [
  ['ingress', '--rounds', '3', '--seconds', '2', '--fsync', 'always'],
  ['workers', '--quick', '--rounds', '3'],
  ['latency', '--rounds', '3'],
  // Last: its table is what a newcomer looks for.
  ['alternatives', '--rounds', '3'],
];

const DEFAULT_FILE = 'bench.json';

/**
 * Adds `compare`, the default command.
 *
 * @param run runs another benchmark with these arguments
 */
export function addCompareCommand(program: Command, run: (args: readonly string[]) => Promise<void>): void {
  program
    .command('compare', { isDefault: true })
    .description('Speed compared with what tutorials show, and with other queues: in about eight minutes.')
    .option('--json [file]', `also write the figures to this file (default: ${DEFAULT_FILE})`)
    .action(async ({ json }: { json?: string | true }) => {
      note(`${COMPARISONS.map(([name]) => name).join(', ')}: about eight minutes (bench --help lists the others)`);
      using dir = temporaryFolder('compare');
      const reports: unknown[] = [];
      for (const args of COMPARISONS) {
        const file = join(dir.path, `${args[0]}.json`);
        await run([...args, '--json', file]);
        process.stdout.write('\n');
        reports.push(JSON.parse(readFileSync(file, 'utf8')));
      }
      if (json !== undefined) {
        writeFileSync(json === true ? DEFAULT_FILE : json, `${JSON.stringify(reports, undefined, 2)}\n`);
      }
    });
}
