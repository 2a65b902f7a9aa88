import { BACKFILL_PATH, DEAD_LETTERS_PATH, OVERVIEW_PATH } from '../paths.ts';
import type { Fault } from './fault-content.ts';
import type { NavigationEntry } from './frame.ts';

/** A fault of the pages about events. */
export function deskFault(
  status: number,
  code: Fault['code'],
  reason: string,
  remedy: string,
  back: NavigationEntry = { path: OVERVIEW_PATH, label: 'Back to the overview' },
): Fault {
  return { status, code, reason, remedy, back };
}

/** Shown when a page cannot do its work. */
export const FAILED: Fault = deskFault(
  503,
  'XW_BOARD_FAILED',
  'The page could not do its work, most often because Redis does not answer',
  'Try again in a moment. The log of the board has the error.',
);

export const READ_ONLY: Fault = deskFault(
  403,
  'XW_BOARD_READ_ONLY',
  'This board is read-only: BOARD_READ_ONLY is true',
  'Use another board, or the command line.',
);

/** A form that was not sent from a page of this board, or from an old one. */
export const FOREIGN_FORM: Fault = deskFault(
  403,
  'XW_BOARD_FORM',
  'The form did not come from a page of this board, or the page was open for too long',
  'Nothing was changed. Open the page again, and repeat what you did.',
);

export const NO_EVENT: Fault = deskFault(
  404,
  'XW_NO_EVENT',
  'There is no such event: nothing is on record of it, and it is in no queue',
  'It may be older than RECORD_RETENTION_S, or its organisation was forgotten.',
);

export const NO_BODY: Fault = deskFault(
  404,
  'XW_NO_BODY',
  'There is no such body in quarantine',
  'It was replayed or dropped, here or with the command line.',
);

export const NOTHING_CHOSEN: Fault = deskFault(
  400,
  'XW_BOARD_FORM',
  'Nothing was chosen, or it is not there any more',
  'Go back, and check the boxes of what you mean.',
  { path: DEAD_LETTERS_PATH, label: 'Back to the dead letters' },
);

const BACK_TO_BACKFILL: NavigationEntry = { path: BACKFILL_PATH, label: 'Back to the backfills' };

export const NO_SPAN: Fault = deskFault(
  400,
  'XW_BOARD_FORM',
  'The span to look at cannot be read, or ends before it begins',
  'Go back, and say from when on, in UTC.',
  BACK_TO_BACKFILL,
);

export const NO_READER: Fault = deskFault(
  409,
  'XW_NO_READER',
  'No running worker can read from Xero, and workers do the reading',
  'Start a worker, and say where access tokens come from: docs/xero.md has the ways.',
  BACK_TO_BACKFILL,
);

export const NO_ORGANISATION: Fault = deskFault(
  409,
  'XW_NO_TENANT',
  'No organisation is known that could be read',
  'Connect one on the page "Organisations", or name it to "xw backfill --tenant".',
  BACK_TO_BACKFILL,
);

export const NO_BACKFILL: Fault = deskFault(
  404,
  'XW_NO_BACKFILL',
  'There is no such backfill, or not any more',
  'It was last at work more than a week ago. Begin another: what was handled is left out.',
  BACK_TO_BACKFILL,
);
