import { runMain } from '@xero-webhooks/runtime';
import { Command } from 'commander';
import { addLatencyCommand } from './latency/command.ts';
import { addGrowthCommand } from './growth/command.ts';
import { addIngressCommand } from './ingress/command.ts';
import { addMemoryCommand } from './memory/command.ts';
import { addResourceCommand } from './resource/command.ts';
import { addWorkersCommand } from './workers/command.ts';
import { addXeroCommand } from './xero/command.ts';

await runMain('bench', async () => {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  const program = new Command('bench')
    .description('Measures xero-webhooks on this machine, with processes and a Redis of its own.')
    .showHelpAfterError('(pnpm bench --help shows the benchmarks)');
  addLatencyCommand(program, interruption.signal);
  addGrowthCommand(program, interruption.signal);
  addIngressCommand(program, interruption.signal);
  addMemoryCommand(program, interruption.signal);
  addResourceCommand(program, interruption.signal);
  addWorkersCommand(program, interruption.signal);
  addXeroCommand(program, interruption.signal);
  try {
    await program.parseAsync();
  } catch (error) {
    // What was started is stopped by now, and what broke off because of that is no fault.
    if (!interruption.signal.aborted) throw error;
    process.exitCode = 130;
  }
});
