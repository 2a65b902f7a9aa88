import { boardVariables } from '@xero-webhooks/configuration/board';
import { ingressVariables } from '@xero-webhooks/configuration/ingress';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import type { Environment, Variable, Variables } from '@xero-webhooks/runtime';
import { areDevelopmentKeys, CodedError, loadConfig } from '@xero-webhooks/runtime';
import { countOf } from '../count-of.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

const PROCESSES: readonly (readonly [name: string, variables: Variables])[] = [
  ['ingress', ingressVariables],
  ['worker', workerVariables],
  ['board', boardVariables],
];

const { ok, problem, warning, unknown } = findingsOf('configuration');

/** Looks at every variable that is set here, for whichever process it is. */
export function checkConfiguration(environment: Environment): Finding[] {
  const all = new Map<string, { variable: Variable<unknown>; readers: string[] }>();
  for (const [name, variables] of PROCESSES) {
    for (const [key, variable] of Object.entries(variables)) {
      const known = all.get(key);
      if (known) known.readers.push(name);
      else all.set(key, { variable, readers: [name] });
    }
  }
  const faults = [...all].flatMap(([name, { variable, readers }]) => {
    if (!isSet(environment, name)) {
      const needed = `${name} is not set here: the ${readers.join(', ')} cannot start without it`;
      return variable.required ? [unknown(needed, 'run this command where that process runs to have it checked')] : [];
    }
    const complaint = complaintOf(name, variable, environment);
    return complaint === undefined ? [] : [problem(complaint, `docs/configuration.md has what ${name} expects`)];
  });
  const set = [...all.keys()].filter((name) => isSet(environment, name));
  const fine =
    set.length === 0
      ? 'no variable is set here'
      : `the ${countOf(set.length, 'variable')} set here ${set.length === 1 ? 'is' : 'are'} well formed`;
  return [
    ...(faults.some(({ result }) => result === 'problem') ? [] : [ok(fine)]),
    ...faults,
    ...keyFindings(environment),
  ];
}

function keyFindings(environment: Environment): Finding[] {
  const { XERO_WEBHOOK_KEY } = ingressVariables;
  if (!isSet(environment, 'XERO_WEBHOOK_KEY') || complaintOf('XERO_WEBHOOK_KEY', XERO_WEBHOOK_KEY, environment))
    return [];
  const { XERO_WEBHOOK_KEY: keys } = loadConfig({ XERO_WEBHOOK_KEY }, environment);
  if (areDevelopmentKeys(keys)) {
    return [
      warning(
        'XERO_WEBHOOK_KEY is a key for development: what Xero sends is refused',
        'copy the webhook key from the developer portal before Xero sends to this system',
      ),
    ];
  }
  return [ok(keys.length === 1 ? 'one webhook key' : `${keys.length} webhook keys: any may match`)];
}

function isSet(environment: Environment, name: string): boolean {
  return Boolean(environment[name]) || Boolean(environment[`${name}_FILE`]);
}

function complaintOf(name: string, variable: Variable<unknown>, environment: Environment): string | undefined {
  try {
    loadConfig({ [name]: variable }, environment);
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.message;
    throw error;
  }
}
