import type { Read, ReadOptions, ResourceCategory } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';
import type { XeroCall } from '../api/api.ts';
import { createWaiter } from './waiter.ts';
import { createRefusedReads } from './refused-reads.ts';
import type { Waiter } from './waiter.ts';
import type { ReadDispatcher, ReadDispatcherOptions } from './read-dispatcher.ts';
import { createReadDispatcher } from './read-dispatcher.ts';
import { callForOne, callForResource } from './pending-call.ts';
import { createPoisonedResources } from './poisoned-resources.ts';
import type { UnfinishedLists } from './unfinished-lists.ts';
import { createUnfinishedLists } from './unfinished-lists.ts';

type Wanted = {
  readonly tenantId: string;
  readonly readOptions: ReadOptions;
  /** In milliseconds. */ readonly patienceMs: number;
};

/** Reads from Xero, for all events of this process. */
export type XeroReader = {
  /** Reads a resource; those of many events come with one call where Xero can do that. */
  resource(wanted: Wanted & { category: ResourceCategory; id: string }): Promise<Read<unknown>>;
  /** Makes one call. `pick` takes out of the answer what was asked for. */
  one(wanted: Wanted & { call: XeroCall; pick: (value: unknown) => unknown }): Promise<Read<unknown>>;
  readonly unfinishedLists: UnfinishedLists;
};

type Options = Omit<ReadDispatcherOptions, 'tenantId' | 'waiting' | 'refused' | 'poisoned'>;

/** What Xero accepts in `IDs=`; one that is no GUID would spoil the call for all others. */
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Those that are known to fail are no different things that do: they do not tell of an outage. */
const POISONED_TARGET = 'what has failed with others';

/** However few events a process works on at once, so many reads of one resource each may wait for their turn. */
const MIN_SINGLE = 5;

/** One for each process. It keeps nothing of an organisation for which nothing is to be read. */
export function createXeroReader(options: Options): XeroReader {
  const organisations = new Map<string, ReadDispatcher>();
  const refused = createRefusedReads();
  const poisoned = createPoisonedResources();
  let waiting = 0;

  function readsOf(tenantId: string): ReadDispatcher {
    let reads = organisations.get(tenantId);
    if (!reads) {
      for (const [id, one] of organisations) if (one.idle) organisations.delete(id);
      reads = createReadDispatcher({ ...options, tenantId, refused, poisoned, waiting: () => waiting });
      organisations.set(tenantId, reads);
    }
    return reads;
  }

  async function ask(
    { tenantId, readOptions, patienceMs }: Wanted,
    many: boolean,
    place: (reads: ReadDispatcher, waiter: Waiter) => void,
  ): Promise<Read<unknown>> {
    const reads = readsOf(tenantId);
    const { waiter, read } = createWaiter({
      options: readOptions,
      patienceMs,
      onLate: (late) => reads.park(late, many),
      asker: options.tracing?.asker(),
    });
    waiting++;
    try {
      // Calls for one resource each could keep all places at which events are at work.
      const max = Math.max(MIN_SINGLE, options.occupancy().capacity / 2);
      if (!many && reads.single >= max) reads.park(waiter, many);
      else place(reads, waiter);
      return await read;
    } finally {
      waiting--;
    }
  }

  return {
    unfinishedLists: createUnfinishedLists(),
    resource({ category, id, ...wanted }) {
      const { tenantId } = wanted;
      const isPoisoned = poisoned.has(tenantId, id.toLowerCase());
      const many = RESOURCE_KINDS[category].readsManyByIds && GUID.test(id) && !isPoisoned;
      return ask(wanted, many, (reads, waiter) => {
        if (many) reads.join(category, id.toLowerCase(), waiter);
        else reads.add(callForResource({ tenantId, category, id }, waiter, isPoisoned ? POISONED_TARGET : undefined));
      });
    },
    one({ call, pick, ...wanted }) {
      return ask(wanted, false, (reads, waiter) =>
        reads.add(callForOne({ call, onTokenRefused: 'throw', waiter, pick })),
      );
    },
  };
}
