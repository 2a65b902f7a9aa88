import colors from 'picocolors';
import { XW } from './xw.ts';

type BannerOptions = {
  webhookUrl: string;
  key: string;
  board: string;
  login: string;
  redis: string;
  xero: string;
  handlers: string;
  areSamples: boolean;
  retries: string;
};

/** What `xw dev` prints once everything runs. */
export function banner({
  webhookUrl,
  key,
  board,
  login,
  redis,
  xero,
  handlers,
  areSamples,
  retries,
}: BannerOptions): string {
  const row = (name: string, text: string): string => `  ${colors.bold(name.padEnd(9))} ${text}`;
  return [
    '',
    colors.green(colors.bold('  xero-webhooks is running. Ctrl-C stops it.')),
    '',
    row('Webhook', webhookUrl),
    row('Key', `${key}  (for development; set XERO_WEBHOOK_KEY to use your own as well)`),
    row('Board', `${board}  (${login})`),
    row('Redis', redis),
    row('Xero', xero),
    row(
      'Handlers',
      `${handlers}  (${areSamples ? 'samples: put yours into handlers.ts' : 'the worker restarts when they change'})`,
    ),
    row('Retries', retries),
    '',
    `  Now send it an invoice, in a second terminal:  ${colors.bold(`${XW} simulate invoice.updated --count 20`)}`,
    '',
  ].join('\n');
}
