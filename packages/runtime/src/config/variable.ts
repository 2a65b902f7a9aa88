import type * as v from 'valibot';
import type { CleanedSecret } from './clean-secret.ts';

/** How the text of an environment variable becomes a value, and the words for what is expected of it. */
export type Format<Value> = {
  readonly schema: v.GenericSchema<string, Value>;
  /** Completes the sentence "expected …". */
  readonly expected: string;
  /** For a secret: how what is certainly not meant is taken off it. Without it, spaces inside are kept. */
  readonly clean?: (text: string) => CleanedSecret;
  /** What is wrong with a text, and what is expected, where that is more than `expected`. It shows nothing of a secret. */
  readonly complain?: (text: string) => string | undefined;
};

/**
 * One environment variable: everything that reading, documenting and refusing it needs.
 *
 * @typeParam Value what the application gets
 */
export type Variable<Value> = {
  readonly format: Format<unknown>;
  /** The text that stands in for an unset variable. Without one, an unset variable reads as `undefined`. */
  readonly fallback?: string;
  /** Whether the start is refused when neither the variable nor a fallback is there. */
  readonly required: boolean;
  /** A secret can also be given as the path of a file, in `<NAME>_FILE`; its value is never shown. */
  readonly secret: boolean;
  /** For docs/configuration.md: what it is for, in one sentence. */
  readonly about: string;
  /** For docs/configuration.md: what happens without it, where that is not a fixed text. */
  readonly without?: string;
  /** Carries the type; never set. */
  readonly value?: Value;
};

type Words = { about: string; secret?: boolean; without?: string };

/** A variable with a default. */
export function withDefault<Value>(format: Format<Value>, fallback: string, words: Words): Variable<Value> {
  return { format, fallback, required: false, secret: words.secret ?? false, ...words };
}

/** A variable that may be left out: its value is then `undefined`. */
export function optional<Value>(format: Format<Value>, words: Words): Variable<Value | undefined> {
  return { format, required: false, secret: words.secret ?? false, ...words };
}

/** A variable without which the process does not start. */
export function required<Value>(format: Format<Value>, words: Words): Variable<Value> {
  return { format, required: true, secret: words.secret ?? false, ...words };
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;

/** What `loadConfig` returns for a set of variables. */
export type ConfigOf<Set extends Variables> = {
  readonly [Name in keyof Set]: Set[Name] extends Variable<infer Value> ? Value : never;
};
