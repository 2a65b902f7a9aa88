import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ROOT } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { boardVariables } from '@xero-webhooks/configuration/board';
import { ingressVariables } from '@xero-webhooks/configuration/ingress';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import { envExample } from './env-example.ts';

it('.env.example is what "pnpm run docs" writes', () => {
  const current = readFileSync(`${ROOT}.env.example`, 'utf8');
  expect(current, '.env.example is out of date: run "pnpm run docs"').toBe(envExample());
});

it('.env.example has every variable of every process, once', () => {
  const names = [...envExample().matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name!);
  const known = new Set(Object.keys({ ...ingressVariables, ...workerVariables, ...boardVariables }));
  expect(names.toSorted()).toEqual([...known].toSorted());
});

it('.env.example sets nothing and shows no path of this machine', () => {
  expect(parseEnv(envExample())).toEqual({});
  expect(envExample()).not.toContain(ROOT);
});
