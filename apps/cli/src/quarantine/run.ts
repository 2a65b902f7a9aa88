import type { Quarantine, QuarantineEntry, QuarantineSummary } from '@xero-webhooks/queue';
import { CodedError } from '@xero-webhooks/runtime';
import type { ActFlags } from '../act-on-many.ts';
import { actOnMany } from '../act-on-many.ts';
import { withOperations } from '../open-operations.ts';
import { printable } from '../printable.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { tableOf } from '../table.ts';
import { timeText } from '../times.ts';
import { WrongUsage } from '../wrong-usage.ts';
import type { QuarantinedJson } from './schema.ts';

/** Characters of an id that a list shows: enough to tell bodies apart. */
const SHOWN_ID = 12;

/** Bodies that are looked through for the beginning of an id, and that one command changes. */
const MAX_BODIES = 100_000;

/** Lists the bodies in quarantine. */
export async function listQuarantine({ limit, json }: { limit: number; json?: boolean }): Promise<void> {
  await withOperations(undefined, async ({ quarantine }) => {
    const entries = await quarantine.list(limit);
    if (json) return printJson({ bodies: entries.map(asJson) });
    if (entries.length === 0) return printLines(['the quarantine is empty']);
    const titles = [{ title: 'received' }, { title: 'bytes', right: true }, { title: 'times', right: true }];
    const rows = entries.map(({ id, bytes, times, receivedAt, cause, detail }) => [
      timeText(receivedAt),
      String(bytes),
      String(times),
      printable(cause),
      printable(detail),
      id.slice(0, SHOWN_ID),
    ]);
    printLines([
      ...tableOf([...titles, { title: 'cause' }, { title: 'detail' }, { title: 'id' }], rows),
      '',
      'xw quarantine show shows a body, replay reads it again, drop lets it go',
    ]);
  });
}

/** Shows one body. */
export async function showQuarantined(start: string, { raw, json }: { raw?: boolean; json?: boolean }): Promise<void> {
  await withOperations(undefined, async ({ quarantine }) => {
    const entry = await find(quarantine, start);
    if (raw) return void process.stdout.write(entry.body);
    if (json) return printJson({ ...asJson(entry), body: Buffer.from(entry.body).toString('base64') });
    const { id, cause, detail, receivedAt, times, deliveryId, body, bytes } = entry;
    printLines([
      `id          ${id}`,
      `received    ${timeText(receivedAt)}${times > 1 ? `, and ${times - 1} times since` : ''}`,
      `delivery    ${printable(deliveryId)}`,
      `cause       ${printable(cause)}: ${printable(detail)}`,
      `bytes       ${bytes}`,
      '',
      ...Buffer.from(body).toString('utf8').split('\n').map(printable),
    ]);
  });
}

/** Replays or drops bodies. */
export async function changeQuarantined(
  verb: 'replay' | 'drop',
  starts: readonly string[],
  flags: ActFlags & { by?: string },
): Promise<void> {
  const words = { verb, done: verb === 'replay' ? 'replayed' : 'dropped', one: 'body', many: 'bodies' };
  await withOperations(flags.by, async ({ quarantine, operations, signal }) => {
    const entries = starts.length === 0 ? await quarantine.list(MAX_BODIES) : [];
    const named = await Promise.all(starts.map((start) => find(quarantine, start)));
    const ids = [...new Set([...entries, ...named].map(({ id }) => id))];
    await actOnMany(ids.length, words, flags, signal, (acting) =>
      verb === 'replay' ? operations.replayQuarantined(ids, acting) : operations.dropQuarantined(ids, acting),
    );
  });
}

async function find(quarantine: Quarantine, start: string): Promise<QuarantineEntry> {
  const whole = await quarantine.read(start);
  if (whole) return whole;
  const [first, second] = (await quarantine.list(MAX_BODIES)).filter(({ id }) => id.startsWith(start));
  if (!first) {
    throw new CodedError(
      'XW_NO_BODY',
      `there is no body ${start} in quarantine: "xw quarantine list" shows what there is`,
    );
  }
  if (second) throw new WrongUsage('XW_USAGE', `several ids begin with ${start}: give more of it`);
  return (await quarantine.read(first.id)) ?? find(quarantine, start);
}

function asJson({ id, cause, detail, receivedAt, deliveryId, times, bytes }: QuarantineSummary): QuarantinedJson {
  return { id, cause, detail, receivedAt: new Date(receivedAt).toISOString(), deliveryId, times, bytes };
}
