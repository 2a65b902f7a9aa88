import { setTimeout as wait } from 'node:timers/promises';
import type { Register } from 'xero-webhooks/handlers';
import { answerStarts, noteStart } from './start-times.ts';

// The handler module of our worker in benchmarks. BENCH_HANDLERS names one of these sets.
const sets = {
  one(on) {
    on('*', async function first() {});
  },
  three(on) {
    on('*', async function first() {});
    on('*', async function second() {});
    on('*', async function third() {});
  },
  latestOnly(on) {
    on('*', { latestOnly: true }, async function first() {});
  },
  /** Turns every event into a dead letter at once. */
  giveUp(on) {
    on('*', async function first(_event, context) {
      context.giveUp('the invoice names a contact that is not known here');
    });
  },
  /** Turns every second event into a dead letter at once, by the last digit of its resource. */
  giveUpHalf(on) {
    on('*', async function first(event, context) {
      if (Number.parseInt(event.resourceId.slice(-1), 16) % 2 === 0)
        context.giveUp(`no such customer: ${event.tenantId}`);
    });
  },
  wait20Ms(on) {
    on('*', async function first() {
      await wait(20);
    });
  },
  /** Works as long as a call of another system takes. */
  noteStartAndWait(on) {
    answerStarts();
    on('*', async function first(event) {
      noteStart(event.resourceId);
      await wait(20);
    });
  },
  noteStart(on) {
    answerStarts();
    on('*', async function first(event) {
      noteStart(event.resourceId);
    });
  },
} satisfies Record<string, Register>;

export type HandlerSet = keyof typeof sets;

export default sets[process.env['BENCH_HANDLERS'] as HandlerSet];
