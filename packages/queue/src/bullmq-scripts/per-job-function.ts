/**
 * Turns one of BullMQ's scripts into a Lua function that does for one job what the script does, given the job's `KEYS` and
 * `ARGV`. The script's own functions move out of it, so that they are made once for a group of jobs.
 *
 * @param text the script, whose functions use nothing around them but `rcall` and each other
 * @param name what to call the function
 */
export function perJobFunction(text: string, name: string): string {
  const functions: string[] = [];
  const body: string[] = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    if (/^local (?:function |\w+ = function\b)/.test(line)) isInside = true;
    (isInside ? functions : body).push(line);
    if (isInside && /^end\s*$/.test(line)) isInside = false;
  }
  return ['local rcall = redis.call', ...functions, `local function ${name}(KEYS, ARGV)`, ...body, 'end'].join('\n');
}
