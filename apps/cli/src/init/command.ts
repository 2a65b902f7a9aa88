import type { Command } from 'commander';
import { Option } from 'commander';

export type InitOptions = { javascript?: boolean; overwrite?: boolean; keep?: boolean };

const MORE_HELP = `
A package.json that is there keeps what it has: only what is missing is added. Of any other file that is there, it asks
whether to overwrite it.`;

/** Adds `xw init`. */
export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('Write a small project: a handler, its test, and what runs it in production.')
    .argument('[folder]', 'where to (default: the working directory)')
    .option('--javascript', 'in JavaScript instead of TypeScript')
    .addOption(new Option('--overwrite', 'overwrite files that are there, without asking').conflicts('keep'))
    .option('--keep', 'keep files that are there, without asking')
    .addHelpText('after', MORE_HELP)
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { initProject } = await import('./run.ts');
      await initProject(folder ?? '.', options);
    });
}
