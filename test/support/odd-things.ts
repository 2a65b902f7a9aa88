import type { HandlerLog } from '@xero-webhooks/handlers';

/** Things that a handler can throw, or log, and nobody expects. */
export const ODD_THINGS: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Symbol('odd'),
  () => 10n ** 100_000n,
  () => function odd() {},
  () => Promise.reject(new Error('a rejection of its own')),
  () => Object.freeze(new Error('frozen')),
  () => throwing('message'),
  () => throwing('stack'),
  () => throwing('name'),
  () => throwing('cause'),
  () => throwing('toString'),
  () => Object.assign(new Error('odd'), { message: 5, stack: {}, name: null }),
  () => ownCause(),
  () => revoked(new Error('odd')),
  () => circle(),
  () => Array(1_000_000).fill('a'),
  () => ({
    toJSON() {
      throw new Error('no');
    },
  }),
];

/** Logs one of them, and throws it. */
export async function throwOdd(which: number, log: HandlerLog): Promise<never> {
  const thing = ODD_THINGS[which]!();
  log.info({ thing, err: thing }, 'an odd thing');
  (log.warn as (thing: unknown) => void)(thing);
  throw thing as Error;
}

function throwing(name: string): Error {
  return Object.defineProperty(new Error('odd'), name, {
    get() {
      throw new Error('it throws');
    },
  });
}

function ownCause(): Error {
  const error = new Error('odd');
  error.cause = error;
  return error;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function circle(): object {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}
