import type { Command } from 'commander';
import type { ProgramName } from './run.ts';

const DEV_HELP = `
Without a path it takes HANDLERS, or else what the working directory has: "handlers" or "src/handlers", a file (.ts, .mts,
.js, .mjs or .cjs) or a folder with an "index"; or else samples that only log. Variables are read from ".env", too. What it
keeps is in ".data".`;

const VARIABLES_HELP = '\nIt is configured by variables of the environment: see docs/configuration.md.';

/** Adds `xw dev`, `xw ingress`, `xw worker` and `xw board`. */
export function addProcessCommands(program: Command): void {
  program
    .command('dev')
    .description('Start Redis, a fake Xero, ingress, worker and board, all on this machine, for development.')
    .argument('[handlers]', 'the handler module')
    .addHelpText('after', DEV_HELP)
    .action(async (handlers: string | undefined) => {
      if (handlers !== undefined) process.env['HANDLERS'] = handlers;
      await run('dev');
    });
  addProcess(program, 'ingress', 'Receive webhooks: verify them and store their events in Redis.');
  addProcess(program, 'worker', 'Run the handlers of HANDLERS on the events.');
  addProcess(program, 'board', 'Serve the pages for operators.');
}

function addProcess(program: Command, name: ProgramName, description: string): void {
  program
    .command(name)
    .description(description)
    .addHelpText('after', VARIABLES_HELP)
    .action(() => run(name));
}

async function run(name: ProgramName): Promise<void> {
  const { runProcess } = await import('./run.ts');
  await runProcess(name);
}
