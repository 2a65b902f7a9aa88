import { printable } from '../printable.ts';

/** What is looked at, in the order in which it is reported. */
export type Area = 'configuration' | 'redis' | 'clock' | 'queues' | 'workers' | 'organisations' | 'xero';

/**
 * One thing that was looked at. `problem`: events are lost, refused or not handled until somebody acts; `warning`: something
 * is better changed; `unknown`: it cannot be told from here.
 */
export type Finding = {
  readonly area: Area;
  readonly result: 'ok' | 'problem' | 'warning' | 'unknown';
  readonly found: string;
  /** What to do; empty where nothing has to be done. */
  readonly remedy: string;
};

/** Makes the findings of an area. */
export function findingsOf(area: Area) {
  const make =
    (result: Finding['result']) =>
    (found: string, remedy = ''): Finding => ({ area, result, found: printable(found), remedy });
  return { ok: make('ok'), problem: make('problem'), warning: make('warning'), unknown: make('unknown') };
}
