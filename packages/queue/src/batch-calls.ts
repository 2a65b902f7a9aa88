import { redisFault } from './redis-faults.ts';

export type BatchOptions<Call, Result> = {
  /** Sends calls in one command. @returns their results, in the same order */
  send: (calls: readonly Call[]) => Promise<readonly Result[]>;
  /**
   * What becomes of calls whose command failed because of one of them: each is sent again alone, which only an idempotent
   * command allows, so that one cannot fail the others; or all fail. @defaultValue `alone`
   */
  again?: 'alone' | 'never';
  /** Only calls of the same group share a command. */
  groupOf: (call: Call) => string;
  /**
   * Whether the code that awaits a result runs up to its next wait before the next result is given. It may be a user's
   * handler, which can hold up everything after it. @defaultValue false
   */
  oneByOne?: boolean;
  /** From this many calls on, send at once: Redis works on them while the next are made. @defaultValue 16 */
  maxCalls?: number;
};

type Waiting<Call, Result> = {
  readonly call: Call;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Sends calls that are made in the same tick of the event loop in one command: a command costs Redis and this process
 * more than the work in it. No call waits longer than until the end of the tick.
 */
export function batchCalls<Call, Result>(options: BatchOptions<Call, Result>): (call: Call) => Promise<Result> {
  const { send, again = 'alone', groupOf, oneByOne = false, maxCalls = 16 } = options;
  const groups = new Map<string, Waiting<Call, Result>[]>();

  async function sendAll(all: readonly Waiting<Call, Result>[]): Promise<void> {
    try {
      const results = await send(all.map(({ call }) => call));
      for (const [index, { resolve }] of all.entries()) {
        resolve(results[index]!);
        // Node runs nextTick callbacks after everything that a resolved promise sets off.
        if (oneByOne) await new Promise<void>((next) => process.nextTick(next));
      }
    } catch (error) {
      if (again === 'alone' && all.length > 1 && redisFault(error) === undefined)
        for (const one of all) void sendAll([one]);
      else for (const { reject } of all) reject(error);
    }
  }

  return (call) =>
    new Promise((resolve, reject) => {
      const name = groupOf(call);
      const group = groups.get(name) ?? [];
      group.push({ call, resolve, reject });
      if (group.length === 1) {
        groups.set(name, group);
        // After everything that the same read of the connections sets off.
        setImmediate(() => {
          if (groups.get(name) === group) flush(name, group);
        });
      }
      if (group.length >= maxCalls) flush(name, group);
    });

  function flush(name: string, group: readonly Waiting<Call, Result>[]): void {
    groups.delete(name);
    void sendAll(group);
  }
}
