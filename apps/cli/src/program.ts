import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addBackfillCommand } from './backfill/command.ts';
import { addCompletionCommand } from './completion/command.ts';
import { addDelayedCommand } from './delayed/command.ts';
import { addDoctorCommand } from './doctor/command.ts';
import { addEventsCommand } from './events/command.ts';
import { addFailedCommand } from './failed/command.ts';
import { addProcessCommands } from './processes/command.ts';
import { addQuarantineCommand } from './quarantine/command.ts';
import { addInitCommand } from './init/command.ts';
import { addItrCommand } from './itr/command.ts';
import { addKeysCommand } from './keys/command.ts';
import { addListenCommand } from './listen/command.ts';
import { addReplayCommand } from './replay/command.ts';
import { addShardsCommand } from './shards/command.ts';
import { addSimulateCommand } from './simulate/command.ts';
import { addSubscribeCommand } from './subscribe/command.ts';
import { addTenantsCommand } from './tenants/command.ts';
import { addAlertsCommand } from './alerts/command.ts';
import { addUsageCommand } from './usage/command.ts';
import { WrongUsage } from './wrong-usage.ts';

/**
 * Runs a command. Without arguments it shows the help.
 *
 * @param words what was typed after `xw`
 * @throws CodedError `XW_USAGE` if an argument is unknown or wrong; and whatever the command throws
 */
export async function runProgram(words: readonly string[]): Promise<void> {
  const program = createProgram();
  if (words.length === 0) {
    program.outputHelp();
    return;
  }
  const named = words[0] === 'help' ? words[1] : words.find((word) => !word.startsWith('-'));
  const known = ['help', ...program.commands.map((command) => command.name())];
  const isUnknown = named !== undefined && !known.includes(named);
  try {
    // For "help" with an unknown command, commander would show the program's help and report success.
    await program.parseAsync(isUnknown || named === 'help' ? [named] : [...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    throw wrongUsage(error.message, isUnknown || named === undefined ? 'xw' : `xw ${named}`);
  }
}

/** The command line, for running and for describing it. */
export function createProgram(): Command {
  const program = new Command('xw')
    .description('Test and operate xero-webhooks.')
    .version(manifest.version)
    .exitOverride()
    // The fault is printed once, in one line, by `runMain`.
    .configureOutput({ writeErr: () => {} });
  program.commandsGroup('Run:');
  addInitCommand(program);
  addProcessCommands(program);
  program.commandsGroup('Develop:');
  addSimulateCommand(program);
  addListenCommand(program);
  addItrCommand(program);
  program.commandsGroup('Find events and act on them:');
  addEventsCommand(program);
  addFailedCommand(program);
  addDelayedCommand(program);
  addQuarantineCommand(program);
  addReplayCommand(program);
  addBackfillCommand(program);
  program.commandsGroup('Organisations:');
  addTenantsCommand(program);
  addUsageCommand(program);
  addSubscribeCommand(program);
  program.commandsGroup('Operate:');
  addDoctorCommand(program);
  addAlertsCommand(program);
  addShardsCommand(program);
  addKeysCommand(program);
  program.commandsGroup('More:');
  addCompletionCommand(program);
  program.helpCommand(true);
  return program;
}

/** @param complaint what commander says, for example "error: unknown option '--cuont'\n(Did you mean --count?)" */
function wrongUsage(complaint: string, command: string): WrongUsage {
  const text = complaint
    .replace(/^error: /, '')
    // What follows an option's name can be a secret.
    .replace(/^(unknown option '[^'=]*)=[^']*/, '$1')
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');
  return new WrongUsage('XW_USAGE', `${text}; see "${command} --help"`);
}
