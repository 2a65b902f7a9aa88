import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { CodedError } from '../coded-error.ts';
import { cleanSecret } from './clean-secret.ts';
import type { ConfigOf, Variable, Variables } from './variable.ts';

/** The environment: the names and texts of its variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a process's configuration. An empty variable counts as unset, as it does in a compose file.
 *
 * @param variables what the process reads, by name
 * @param environment usually `process.env`
 * @param notice told of what was taken off a secret because it is certainly not meant, once for each, without its value
 * @returns the values by name
 * @throws CodedError `XW_CONFIG` with one line for each variable that is missing or wrong: its name, what was wrong and
 *   what is expected, and never the value of a secret
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
  if ('complaint' in given) return { complaint: `${given.complaint}; expected ${format.expected}` };

  const text = given.text || variable.fallback;
  if (text === undefined) {
    return variable.required ? { complaint: `is not set; expected ${format.expected}` } : { value: undefined };
  }
  const complaint = format.complain?.(text);
  if (complaint !== undefined) return { complaint };
  const parsed = v.safeParse(format.schema, text);
  if (parsed.success) return { value: parsed.output, removed: given.removed };
  const what = secret || mayHoldSecret(text) ? 'is malformed' : `is "${clip(text)}"`;
  return { complaint: `${what}; expected ${format.expected}` };
}

function describeRemoved(name: string, removed: readonly string[]): string {
  return `${name} is used without ${removed.join(' and ')}: take that out where it is set`;
}

type Secret = { text: string | undefined; removed: readonly string[] } | { complaint: string };

function readSecret(name: string, { format }: Variable<unknown>, environment: Environment): Secret {
  const given = secretText(name, environment);
  if ('complaint' in given) return given;
  if (given.text === undefined) return { text: undefined, removed: [] };
  return (format.clean ?? cleanText)(given.text);
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
    // The path is not shown: it may be the secret itself, in the wrong variable.
    const cause = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { complaint: `cannot be read from the file that ${name}_FILE names (${cause})` };
  }
}

/** A mistyped address can carry a password, in whatever variable it ended up. */
function mayHoldSecret(text: string): boolean {
  return text.includes('@') || text.includes('://');
}

function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
