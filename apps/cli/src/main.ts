#!/usr/bin/env node
import { runMain } from '@xero-webhooks/runtime';
import { runProgram } from './program.ts';

await runMain('xw', () => runProgram(process.argv.slice(2)));
