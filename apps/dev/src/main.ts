import { existsSync } from 'node:fs';
import { keepCompiledCode } from '@xero-webhooks/runtime/compile-cache';
import { runMain } from '@xero-webhooks/runtime/run-main';

// Ctrl-C also ends whatever reads our output; the processes must be stopped nevertheless.
process.stdout.on('error', () => {});

await runMain('start', async () => {
  keepCompiledCode();
  const { runDevelopment } = await import('./app.ts');
  if (existsSync('.env')) process.loadEnvFile('.env');
  const code = await runDevelopment({
    environment: process.env,
    workingDirectory: process.cwd(),
    print: (text) => process.stdout.write(`${text}\n`),
  });
  process.exit(code);
});
