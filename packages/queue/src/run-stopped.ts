import type { Blame } from './gate/protocol.ts';

/** Why a run was stopped from outside, and what that says of its event. */
export class RunStopped extends Error {
  readonly blame: Blame;

  constructor(reason: string, blame: Blame) {
    super(reason);
    this.name = 'RunStopped';
    this.blame = blame;
  }
}

/** What is to be recorded of a run that was stopped; `undefined` of any other. */
export function blameOf({ aborted, reason }: AbortSignal): Blame | undefined {
  return aborted && reason instanceof RunStopped ? reason.blame : undefined;
}
