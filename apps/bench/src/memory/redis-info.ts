/** Reads one number from what `INFO` answers, where it is there: not every release tells everything. */
export function infoNumber(info: string, name: string): number | undefined {
  const [, value] = new RegExp(`^${name}:(\\d+)\r?$`, 'm').exec(info) ?? [];
  return value === undefined ? undefined : Number(value);
}

/** How often clients have sent a script, from what `INFO commandstats` answers. Scripts cannot send scripts. */
export function scriptCalls(info: string): number {
  const calls = info.matchAll(/^cmdstat_(?:evalsha|eval|fcall)(?:_ro)?:calls=(\d+),/gm);
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}
