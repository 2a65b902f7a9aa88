import { redisFault } from '../redis-faults.ts';

export type BatchOptions<Call, Result> = {
  /** Sends calls in one command. @returns their results, in the same order */
  send: (calls: readonly Call[]) => Promise<readonly Result[]>;
  /** Only calls of the same group may go together. */
  groupOf: (call: Call) => string;
  /**
   * Whether what follows from one result runs to its first wait before the next result is given. What follows may be
   * somebody else's code, which can hold up everything after it. @defaultValue false
   */
  oneByOne?: boolean;
  /** How many calls go together at most: Redis works on them while the next ones are made. @defaultValue 16 */
  most?: number;
};

type Waiting<Call, Result> = {
  readonly call: Call;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Makes a function whose calls go to Redis together with those of the same turn: Redis answers many jobs at once, and
 * each command costs it and us more than what it is about. None waits for anything but the end of what runs just then.
 *
 * Where a command fails through one of its calls, each is sent again alone, so that one cannot fail its neighbours; they
 * have to bear being made twice.
 */
export function batchCalls<Call, Result>(options: BatchOptions<Call, Result>): (call: Call) => Promise<Result> {
  const { send, groupOf, oneByOne = false, most = 16 } = options;
  const groups = new Map<string, Waiting<Call, Result>[]>();

  async function sendAll(all: readonly Waiting<Call, Result>[]): Promise<void> {
    try {
      const results = await send(all.map(({ call }) => call));
      for (const [index, { resolve }] of all.entries()) {
        resolve(results[index]!);
        // Ticks come after all that a resolved promise sets off.
        if (oneByOne) await new Promise<void>((next) => process.nextTick(next));
      }
    } catch (error) {
      if (all.length > 1 && redisFault(error) === undefined) for (const one of all) void sendAll([one]);
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
        // After all that is set off by the same reading of the connections.
        setImmediate(() => {
          if (groups.get(name) === group) flush(name, group);
        });
      }
      if (group.length >= most) flush(name, group);
    });

  function flush(name: string, group: readonly Waiting<Call, Result>[]): void {
    groups.delete(name);
    void sendAll(group);
  }
}
