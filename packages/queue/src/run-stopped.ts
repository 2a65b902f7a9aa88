import type { Blame } from './gate/protocol.ts';

/** Why a run was stopped from outside, and whether its event is to blame. */
export class RunStopped extends Error {
  readonly blame: Blame;

  constructor(reason: string, blame: Blame) {
    super(reason);
    this.name = 'RunStopped';
    this.blame = blame;
  }
}

/** What to record of a run that was stopped; `undefined` if it was not. */
export function blameOf({ aborted, reason }: AbortSignal): Blame | undefined {
  return aborted && reason instanceof RunStopped ? reason.blame : undefined;
}
