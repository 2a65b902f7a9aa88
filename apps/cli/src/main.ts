#!/usr/bin/env node
import { keepCompiledCode } from '@xero-webhooks/runtime/compile-cache';
import { runMain } from '@xero-webhooks/runtime/run-main';

await runMain('xw', async () => {
  keepCompiledCode();
  const { runProgram } = await import('./program.ts');
  await runProgram(process.argv.slice(2));
});
