import { existsSync } from 'node:fs';
import { runMain } from '@xero-webhooks/runtime';
import { runDevelopment } from './app.ts';

await runMain('start', async () => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const code = await runDevelopment({
    environment: process.env,
    workingDirectory: process.cwd(),
    print: (text) => process.stdout.write(`${text}\n`),
  });
  process.exit(code);
});
