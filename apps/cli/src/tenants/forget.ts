import type { Forgotten } from '@xero-webhooks/operations';
import { countTenantJobs } from '@xero-webhooks/queue';
import { countRecords } from '@xero-webhooks/record';
import { CodedError } from '@xero-webhooks/runtime';
import { listOrganisations } from '@xero-webhooks/xero-auth';
import { countOf } from '../count-of.ts';
import { withOperations } from '../open-operations.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { printable } from '../printable.ts';
import type { ForgetOptions } from './command.ts';
import type { ForgetJson } from './schema.ts';

/** The exit code is 1 while something is left. */
export async function forgetTenant(
  id: string,
  { yes = false, dryRun = false, by, json = false }: ForgetOptions,
): Promise<void> {
  await withOperations(by, async ({ redis, operations, signal }) => {
    const { client, prefix } = redis;
    const connected = (await listOrganisations(client, prefix, undefined)).find(
      ({ tenantId }) => tenantId === id.toLowerCase(),
    );
    if (connected) {
      throw new CodedError(
        'XW_STILL_CONNECTED',
        `${printable(connected.name)} is connected, so its events go on coming: run "xw tenants disconnect ${connected.tenantId}" first`,
      );
    }
    if (dryRun || !yes) {
      const [jobs, records] = [await countTenantJobs(redis, id), await countRecords(client, prefix, id)];
      const result: ForgetJson = { acted: false, jobs, records };
      if (json) printJson(result);
      else
        printLines([
          `${printable(id)} has ${countOf(jobs, 'event')} in the queues and ${records} on record`,
          ...(dryRun ? [] : ['add --yes to erase them, and all else that is stored of it']),
        ]);
      process.exitCode = dryRun ? 0 : 1;
      return;
    }
    const forgotten = await operations.forget(id, { signal });
    const result: ForgetJson = { acted: true, ...forgotten };
    if (json) printJson(result);
    else printLines(report(id, forgotten, signal.aborted));
    process.exitCode = forgotten.active > 0 || forgotten.kept.length > 0 || signal.aborted ? 1 : 0;
  });
}

function report(id: string, { jobs, active, records, keys, bodies, kept }: Forgotten, interrupted: boolean): string[] {
  return [
    `forgot ${printable(id)}: ${countOf(jobs, 'event')} in the queues, ${records} on record, ${countOf(keys, 'other key')}, ${countOf(bodies, 'body', 'bodies')} in quarantine`,
    ...(interrupted ? ['interrupted: the same command does the rest'] : []),
    ...(active > 0
      ? [`${active === 1 ? '1 event is' : `${active} events are`} being handled right now: run it again in a minute`]
      : []),
    ...kept.map(
      (body) => `a body in quarantine names others too, or cannot be read: xw quarantine show ${body.slice(0, 12)}`,
    ),
  ];
}
