import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addDelayedCommand } from './delayed/command.ts';
import { addFailedCommand } from './failed/command.ts';
import { addQuarantineCommand } from './quarantine/command.ts';
import { addItrCommand } from './itr/command.ts';
import { addListenCommand } from './listen/command.ts';
import { addShardsCommand } from './shards/command.ts';
import { addSimulateCommand } from './simulate/command.ts';
import { addSubscribeCommand } from './subscribe/command.ts';
import { addUsageCommand } from './usage/command.ts';
import { WrongUsage } from './wrong-usage.ts';

/**
 * Runs the command that the words name. With no words at all it shows what there is.
 *
 * @param words what was typed after `xw`
 * @throws CodedError `XW_USAGE` where a word is not known or not as expected, or as the command itself
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
    // With "help" beside an unknown command, commander would show the help of the whole program, as if all were well.
    await program.parseAsync(isUnknown || named === 'help' ? [named] : [...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    throw wrongUsage(error.message, isUnknown || named === undefined ? 'xw' : `xw ${named}`);
  }
}

function createProgram(): Command {
  const program = new Command('xw')
    .description('Test and operate xero-webhooks.')
    .version(manifest.version)
    .exitOverride()
    // What is wrong is said once, in one line.
    .configureOutput({ writeErr: () => {} });
  addSimulateCommand(program);
  addDelayedCommand(program);
  addFailedCommand(program);
  addQuarantineCommand(program);
  addItrCommand(program);
  addListenCommand(program);
  addShardsCommand(program);
  addSubscribeCommand(program);
  addUsageCommand(program);
  return program;
}

/** @param complaint what commander says, for example "error: unknown option '--cuont'\n(Did you mean --count?)" */
function wrongUsage(complaint: string, command: string): WrongUsage {
  const text = complaint
    .replace(/^error: /, '')
    // What is behind the name of an option can be a secret.
    .replace(/^(unknown option '[^'=]*)=[^']*/, '$1')
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');
  return new WrongUsage('XW_USAGE', `${text}; "${command} --help" shows what there is`);
}
