import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { CodedError } from '../coded-error.ts';
import { cleanSecret } from './clean-secret.ts';
import type { ConfigOf, Variable, Variables } from './variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a process's configuration. An empty variable counts as unset, as in a compose file.
 *
 * @param variables what the process reads, by name
 * @param environment usually `process.env`
 * @param notice called once for each secret from which something was removed that cannot be intended; never gets its value
 * @returns the values by name
 * @throws CodedError `XW_CONFIG` with one line for each variable that is missing or wrong: its name, what is wrong and what
 *   to set, never the value of a secret
 */
export function loadConfig<Set extends Variables>(
  variables: Set,
  environment: Environment,
  notice: (text: string) => void = () => {},
): ConfigOf<Set> {
  const values: Record<string, unknown> = {};
  const complaints: string[] = [];
  const notices: string[] = [];
  for (const [name, variable] of Object.entries(variables)) {
    const read = readVariable(name, variable, environment);
    if ('complaint' in read) complaints.push(`${name} ${read.complaint}`);
    else {
      values[name] = read.value;
      if (read.removed && read.removed.length > 0) notices.push(describeRemoved(name, read.removed));
    }
  }
  if (complaints.length > 0) throw new CodedError('XW_CONFIG', complaints.join('\n'));
  for (const text of notices) notice(text);
  return values as ConfigOf<Set>;
}

type Read = { value: unknown; removed?: readonly string[] } | { complaint: string };

function readVariable(name: string, variable: Variable<unknown>, environment: Environment): Read {
  const { format, secret } = variable;
  const given = secret ? readSecret(name, variable, environment) : { text: environment[name]?.trim(), removed: [] };
  if ('complaint' in given) return given;

  const text = given.text || variable.fallback;
  if (text === undefined) {
    if (!variable.required) return { value: undefined };
    return { complaint: `is not set: set it to ${variable.setTo ?? format.expected}` };
  }
  const complaint = format.complain?.(text);
  if (complaint !== undefined) return { complaint };
  const parsed = v.safeParse(format.schema, text);
  if (parsed.success) return { value: parsed.output, removed: given.removed };
  if (secret || mayHoldSecret(text)) return { complaint: `is malformed: it must be ${format.expected}` };
  return { complaint: `must be ${format.expected} (got "${clip(text)}")` };
}

function describeRemoved(name: string, removed: readonly string[]): string {
  return `${name} is used without ${removed.join(' and ')}: remove that where the variable is set`;
}

type Secret = { text: string | undefined; removed: readonly string[] } | { complaint: string };

function readSecret(name: string, { format }: Variable<unknown>, environment: Environment): Secret {
  const given = secretText(name, environment);
  if ('complaint' in given) return given;
  if (given.text === undefined) return { text: undefined, removed: [] };
  const cleaned = (format.clean ?? cleanText)(given.text);
  return 'complaint' in cleaned ? { complaint: `${cleaned.complaint}: it must be ${format.expected}` } : cleaned;
}

function cleanText(text: string): Secret {
  return cleanSecret(text, 'inside');
}

function secretText(name: string, environment: Environment): { text: string | undefined } | { complaint: string } {
  const path = environment[`${name}_FILE`];
  if (!path) return { text: environment[name] };
  if (environment[name]?.trim()) return { complaint: `is set, and so is ${name}_FILE: set one of the two` };
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    // The path is not shown: it may be the secret itself, set in the wrong variable.
    const cause = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { complaint: `cannot be read from the file that ${name}_FILE names (${cause})` };
  }
}

/** A mistyped address can contain a password, whichever variable it ended up in. */
function mayHoldSecret(text: string): boolean {
  return text.includes('@') || text.includes('://');
}

function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
