import { printJson } from '../print-json.ts';
import { findTarget } from '../simulate/target.ts';
import { WrongUsage } from '../wrong-usage.ts';
import { examine } from './examine.ts';
import { reportChecks } from './report.ts';

/** The exit code is 1 where a check failed. */
export async function runItr(
  address: string | undefined,
  { key, json = false }: { key?: string; json?: boolean },
): Promise<void> {
  if (address !== undefined && !(URL.canParse(address) && /^https?:/.test(address))) {
    throw new WrongUsage(
      'XW_USAGE',
      'url must be an address such as https://example.com/webhook; "xw itr --help" shows what there is',
    );
  }
  const target = findTarget(
    { ...(address === undefined ? {} : { url: address }), ...(key === undefined ? {} : { key }) },
    process.env,
    process.cwd(),
  );
  const checks = await examine(target.url, target.key);
  const passed = checks.every(({ result }) => result !== 'failed');
  if (json) printJson({ url: target.url, passed, checks });
  else process.stdout.write(`${reportChecks(target.url, checks).join('\n')}\n`);
  process.exitCode = passed ? 0 : 1;
}
