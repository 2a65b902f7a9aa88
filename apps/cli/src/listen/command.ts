import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { httpAddress } from '../option-values.ts';

export type ListenOptions = {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly key?: string;
  readonly forwardTo?: string;
  readonly json?: boolean;
};

/** Adds `xw listen`. */
export function addListenCommand(program: Command): void {
  program
    .command('listen')
    .description('Receive webhooks without Redis, for development: print each event, and pass it on if told to.')
    .option('--port <port>', 'the port to listen on; 0 for any free one', portNumber, 3000)
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--path <path>', 'where webhooks arrive', '/webhook')
    .option('--key <key>', 'the webhook key (default: XERO_WEBHOOK_KEY or its file, else the development key)')
    .option(
      '--forward-to <url>',
      'pass each verified request on, with its bytes and signature as they came',
      httpAddress,
    )
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', '\nIt stores nothing: an event that you miss here is gone. Ctrl-C ends it.')
    .action(async (options: ListenOptions) => {
      const { runListen } = await import('./run.ts');
      await runListen(options);
    });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a port from 0 to 65535.');
}
