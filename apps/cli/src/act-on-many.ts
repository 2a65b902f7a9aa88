import type { Acted, ActOptions } from '@xero-webhooks/operations';
import { printJson } from './print-json.ts';
import { progressBar } from './progress-bar.ts';

export type ActFlags = { readonly yes?: boolean; readonly dryRun?: boolean; readonly json?: boolean };

/** What an action is called: `retry`, `retried`, and what it is done to. */
export type ActWords = { readonly verb: string; readonly done: string; readonly one: string; readonly many: string };

type Act<Result extends Acted> = (options: ActOptions) => Promise<Result>;

/**
 * Does something to what a command has selected. More than one changes only with `--yes`, after the count was shown.
 *
 * The exit code is 1 where nothing was done though there was something to do, or only a part of it.
 */
export async function actOnMany<Result extends Acted>(
  count: number,
  words: ActWords,
  { yes = false, dryRun = false, json = false }: ActFlags,
  signal: AbortSignal,
  act: Act<Result>,
): Promise<void> {
  const what = `${count} ${count === 1 ? words.one : words.many}`;
  if (dryRun || count === 0 || (count > 1 && !yes)) {
    const isRefused = !dryRun && count > 0;
    if (json) printJson({ matched: count, acted: false });
    else if (count === 0) process.stdout.write(`no ${words.many} match\n`);
    else if (isRefused) process.stdout.write(`${what} match: add --yes to ${words.verb} them\n`);
    else process.stdout.write(`would ${words.verb} ${what}\n`);
    process.exitCode = isRefused ? 1 : 0;
    return;
  }

  const progress = progressBar(count);
  const acted = await act({ signal, onProgress: progress.show });
  progress.end();
  const { done, absent, failed, ...more } = acted;
  if (json) printJson({ matched: count, acted: true, done, absent, failed, ...more });
  else {
    const left = count - done - absent - failed;
    const notes = [
      ...Object.entries(more).map(([name, value]) => `${name}: ${String(value)}`),
      ...(absent > 0 ? [`${absent} not there any more`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(left > 0 ? [`${left} left: the same command does the rest`] : []),
    ];
    process.stdout.write(`${words.done} ${done} of ${what}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}\n`);
  }
  process.exitCode = done + absent === count ? 0 : 1;
}
