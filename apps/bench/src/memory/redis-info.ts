/**
 * Reads one number from what `INFO` answers.
 *
 * @throws Error where it is not there
 */
export function infoNumber(info: string, name: string): number {
  const [, value] = new RegExp(`^${name}:(\\d+)\r?$`, 'm').exec(info) ?? [];
  if (value === undefined) throw new Error(`Redis does not tell its ${name}`);
  return Number(value);
}

/** How often clients have sent a script, from what `INFO commandstats` answers. Scripts cannot send scripts. */
export function scriptCalls(info: string): number {
  const calls = info.matchAll(/^cmdstat_(?:evalsha|eval|fcall)(?:_ro)?:calls=(\d+),/gm);
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}
