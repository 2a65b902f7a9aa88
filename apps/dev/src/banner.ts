import colors from 'picocolors';

type BannerWords = {
  webhookUrl: string;
  key: string;
  board: string;
  login: string;
  redis: string;
  xero: string;
  handlers: string;
};

/** What `pnpm start` shows once everything runs: where it is, and what to type next. */
export function banner({ webhookUrl, key, board, login, redis, xero, handlers }: BannerWords): string {
  const row = (name: string, text: string): string => `  ${colors.bold(name.padEnd(9))} ${text}`;
  return [
    '',
    colors.green(colors.bold('  xero-webhooks is running. Ctrl-C stops it.')),
    '',
    row('Webhook', webhookUrl),
    row('Key', `${key}  (for development; yours goes into XERO_WEBHOOK_KEY)`),
    row('Board', `${board}  (${login})`),
    row('Redis', redis),
    row('Xero', xero),
    row('Handlers', `${handlers}  (the worker restarts when they change)`),
    '',
    `  Now send it an invoice, in a second terminal:  ${colors.bold('npx pnpm@12 xw simulate invoice.updated --count 20')}`,
    '',
  ].join('\n');
}
