import type * as v from 'valibot';
import type { CleanedSecret } from './clean-secret.ts';

/** How the text of an environment variable becomes a value, and what it must be, for people. */
export type Format<Value> = {
  readonly schema: v.GenericSchema<string, Value>;
  /** Completes the sentence "it must be …". */
  readonly expected: string;
  /** For a secret: removes what cannot be intended. @defaultValue keeps spaces inside */
  readonly clean?: (text: string) => CleanedSecret;
  /** What is wrong and what to do, if there is more to say than `expected`. It never contains a secret. */
  readonly complain?: (text: string) => string | undefined;
};

/**
 * One environment variable: everything that reading, documenting and refusing it needs.
 *
 * @typeParam Value what the application gets
 */
export type Variable<Value> = {
  readonly format: Format<unknown>;
  /** The text to use if the variable is unset. @defaultValue the value is `undefined` */
  readonly fallback?: string;
  /** Whether the process refuses to start without the variable. */
  readonly required: boolean;
  /** A secret can also be given as the path of a file, in `<NAME>_FILE`; its value is never shown. */
  readonly secret: boolean;
  /** For docs/configuration.md: what it is for, in one sentence. */
  readonly about: string;
  /** For docs/configuration.md: what happens without it, if that is not a fixed text. */
  readonly without?: string;
  /** For a required variable: completes "set it to …". @defaultValue `expected` */
  readonly setTo?: string;
  /** Carries the type; never set. */
  readonly value?: Value;
};

type Options = { about: string; secret?: boolean; without?: string; setTo?: string };

/** A variable with a default. */
export function withDefault<Value>(format: Format<Value>, fallback: string, options: Options): Variable<Value> {
  return { format, fallback, required: false, secret: options.secret ?? false, ...options };
}

/** A variable that may be unset: its value is then `undefined`. */
export function optional<Value>(format: Format<Value>, options: Options): Variable<Value | undefined> {
  return { format, required: false, secret: options.secret ?? false, ...options };
}

/** A variable without which the process does not start. */
export function required<Value>(format: Format<Value>, options: Options): Variable<Value> {
  return { format, required: true, secret: options.secret ?? false, ...options };
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;

/** What `loadConfig` returns for a set of variables. */
export type ConfigOf<Set extends Variables> = {
  readonly [Name in keyof Set]: Set[Name] extends Variable<infer Value> ? Value : never;
};
