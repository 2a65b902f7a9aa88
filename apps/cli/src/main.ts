#!/usr/bin/env node
import { runMain } from '@xero-webhooks/runtime';
import { Command } from 'commander';
import { addShardsCommand } from './shards/command.ts';
import { addSimulateCommand } from './simulate/command.ts';
import { addSubscribeCommand } from './subscribe/command.ts';
import { addUsageCommand } from './usage/command.ts';

await runMain('xw', async () => {
  const program = new Command('xw')
    .description('Tries out and looks after xero-webhooks.')
    .showHelpAfterError('(xw --help shows the commands)')
    .showSuggestionAfterError(true);
  addSimulateCommand(program);
  addShardsCommand(program);
  addSubscribeCommand(program);
  addUsageCommand(program);
  await program.parseAsync();
});
