import { runMain } from '@xero-webhooks/runtime';
import { Command } from 'commander';
import { addAlternativesCommand } from './alternatives/command.ts';
import { addBoardCommand } from './board/command.ts';
import { addCompareCommand } from './compare.ts';
import { addLatencyCommand } from './latency/command.ts';
import { addGrowthCommand } from './growth/command.ts';
import { addIngressCommand } from './ingress/command.ts';
import { addMemoryCommand } from './memory/command.ts';
import { addRecordCommand } from './record/command.ts';
import { addResourceCommand } from './resource/command.ts';
import { addOutageCommand } from './outage/command.ts';
import { addSoakCommand } from './soak/command.ts';
import { addWorkersCommand } from './workers/command.ts';
import { addXeroCommand } from './xero/command.ts';

await runMain('bench', async () => {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  try {
    await benchProgram(interruption.signal).parseAsync();
  } catch (error) {
    // An interruption stops what was started, and the errors that follow are no faults.
    if (!interruption.signal.aborted) throw error;
    process.exitCode = 130;
  }
});

function benchProgram(signal: AbortSignal): Command {
  const program = new Command('bench')
    .description('Measure xero-webhooks on this machine, with its own processes and Redis.')
    .showHelpAfterError('(pnpm bench --help lists the benchmarks)');
  addCompareCommand(program, async (args) => {
    await benchProgram(signal).parseAsync(args, { from: 'user' });
  });
  addAlternativesCommand(program, signal);
  addBoardCommand(program, signal);
  addGrowthCommand(program, signal);
  addIngressCommand(program, signal);
  addLatencyCommand(program, signal);
  addMemoryCommand(program, signal);
  addOutageCommand(program, signal);
  addRecordCommand(program, signal);
  addResourceCommand(program, signal);
  addSoakCommand(program, signal);
  addWorkersCommand(program, signal);
  addXeroCommand(program, signal);
  return program;
}
