import type { Command } from 'commander';
import type { ActFlags } from '../act-on-many.ts';
import { wholeNumber } from '../option-values.ts';
import { addActOptions } from '../selection-options.ts';

/** Adds `xw quarantine`. */
export function addQuarantineCommand(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('List the signed bodies that could not be read, whole or in part, and replay or drop them.');
  quarantine
    .command('list')
    .description('List the bodies, the newest first.')
    .option('--limit <n>', 'how many at most', wholeNumber(1, 100_000), 50)
    .option('--json', 'print them as JSON')
    .action(async (options: { limit: number; json?: boolean }) => {
      const { listQuarantine } = await import('./run.ts');
      await listQuarantine(options);
    });
  quarantine
    .command('show')
    .description('Show one body, and what was wrong with it.')
    .argument('<id>', 'its id, or the beginning of it')
    .option('--raw', 'write its bytes as they came, and nothing else')
    .option('--json', 'print it as JSON, the body in base64')
    .action(async (id: string, options: { raw?: boolean; json?: boolean }) => {
      const { showQuarantined } = await import('./run.ts');
      await showQuarantined(id, options);
    });
  addActOptions(
    quarantine
      .command('replay')
      .description('Read bodies again with the parser of this release, and enqueue their events.')
      .argument('[ids...]', 'which bodies (default: all)'),
  ).action(async (ids: string[], options: ActFlags & { by?: string }) => {
    const { changeQuarantined } = await import('./run.ts');
    await changeQuarantined('replay', ids, options);
  });
  addActOptions(
    quarantine
      .command('drop')
      .description('Let bodies go for good.')
      .argument('[ids...]', 'which bodies (default: all)'),
  ).action(async (ids: string[], options: ActFlags & { by?: string }) => {
    const { changeQuarantined } = await import('./run.ts');
    await changeQuarantined('drop', ids, options);
  });
}
