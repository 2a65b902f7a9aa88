#!/usr/bin/env node
import { refuseOldNode } from './refuse-old-node.ts';

refuseOldNode(process.versions.node);

// Only now: an older Node cannot even load these.
const { keepCompiledCode } = await import('@xero-webhooks/runtime/compile-cache');
const { runMain } = await import('@xero-webhooks/runtime/run-main');

await runMain('xw', async () => {
  keepCompiledCode();
  const { runProgram } = await import('./program.ts');
  await runProgram(process.argv.slice(2));
});
