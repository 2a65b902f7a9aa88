import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { note } from './report.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The benchmarks that stand beside others, as short as they still say something. */
const COMPARISONS: readonly (readonly [string, ...string[]])[] = [
  ['ingress', '--rounds', '3', '--seconds', '2', '--fsync', 'always'],
  ['workers', '--quick', '--rounds', '3'],
  ['latency', '--rounds', '3'],
];

const DEFAULT_FILE = 'bench.json';

/**
 * Adds `bench compare`, which is what `bench` does when it is told nothing else.
 *
 * @param run runs another benchmark, by the words of its command line
 */
export function addCompareCommand(program: Command, run: (words: readonly string[]) => Promise<void>): void {
  program
    .command('compare', { isDefault: true })
    .description('How fast it is, beside what tutorials do: ingress, workers and latency, in about five minutes.')
    .option('--json [file]', `write the figures there too (${DEFAULT_FILE} where no file is named)`)
    .action(async ({ json }: { json?: string | true }) => {
      note(`${COMPARISONS.map(([name]) => name).join(', ')}: about five minutes (bench --help shows the others)`);
      using dir = temporaryFolder('compare');
      const reports: unknown[] = [];
      for (const words of COMPARISONS) {
        const file = join(dir.path, `${words[0]}.json`);
        await run([...words, '--json', file]);
        process.stdout.write('\n');
        reports.push(JSON.parse(readFileSync(file, 'utf8')));
      }
      if (json !== undefined) {
        writeFileSync(json === true ? DEFAULT_FILE : json, `${JSON.stringify(reports, undefined, 2)}\n`);
      }
    });
}
