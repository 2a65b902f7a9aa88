import type { Acted, ActOptions } from '@xero-webhooks/operations';
import type { Log } from '@xero-webhooks/runtime';
import { countOf } from './parts.ts';

/** An action on many events that goes on after its request was answered. */
export type BackgroundAction = {
  /** What is done, for example `retry 12,000 dead letters`. */
  readonly title: string;
  readonly startedAt: number;
  /** How many have been looked at. */
  lookedAt: number;
  /** How it ended; `undefined` while it goes on. */
  result: string | undefined;
};

export type Background = {
  /**
   * Begins an action.
   *
   * @returns once it has ended, or after a moment, so that a page can be shown
   */
  run(title: string, act: (options: ActOptions) => Promise<Acted>): Promise<BackgroundAction>;
  /** What goes on, and what ended lately, the newest first. */
  list(): readonly BackgroundAction[];
  /** Ends what goes on after the batch at work. */
  stop(): void;
};

/** How long a request waits for its action, in milliseconds. */
const MOMENT_MS = 1_500;

/** How long the end of an action is shown, in milliseconds, and of how many. */
const SHOWN_MS = 120_000;
const MAX_SHOWN = 5;

export function createBackground(log: Log): Background {
  const stopping = new AbortController();
  let actions: BackgroundAction[] = [];

  return {
    async run(title, act) {
      const action: BackgroundAction = { title, startedAt: Date.now(), lookedAt: 0, result: undefined };
      actions = [action, ...actions].slice(0, MAX_SHOWN);
      const onProgress = (lookedAt: number): void => {
        action.lookedAt = lookedAt;
      };
      const ended = act({ signal: stopping.signal, onProgress }).then(
        (acted) => {
          action.result = resultOf(acted);
        },
        (error: unknown) => {
          log.error({ err: error, action: title }, 'an action of the board failed');
          action.result = 'failed: the log of the board has the error; what was done before holds';
        },
      );
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, MOMENT_MS).unref())]);
      return action;
    },
    list: () => actions.filter(({ result, startedAt }) => result === undefined || Date.now() - startedAt < SHOWN_MS),
    stop: () => stopping.abort(),
  };
}

function resultOf({ done, absent, failed }: Acted): string {
  return [
    `${countOf(done, 'event')} done`,
    ...(absent > 0 ? [`${absent} not there any more`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ');
}
