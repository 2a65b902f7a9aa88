import type { Read, ReadOptions, ResourceCategory } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';
import type { XeroCall } from '../api/api.ts';
import { createAsk } from './ask.ts';
import { createForbidden } from './forbidden.ts';
import type { Ask } from './ask.ts';
import type { OrganisationReads, OrganisationReadsOptions } from './organisation-reads.ts';
import { createOrganisationReads } from './organisation-reads.ts';
import { callForOne, callForResource } from './pending-call.ts';
import { createSpoilers } from './spoilers.ts';
import type { UnfinishedLists } from './unfinished-lists.ts';
import { createUnfinishedLists } from './unfinished-lists.ts';

type Wanted = {
  readonly tenantId: string;
  readonly words: ReadOptions;
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

type Options = Omit<OrganisationReadsOptions, 'tenantId' | 'waiting' | 'forbidden' | 'spoilers'>;

/** What Xero accepts in `IDs=`; one that is no GUID would spoil the call for all others. */
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Those that are known to fail are no different things that do: they do not tell of an outage. */
const SPOILERS = 'what has failed with others';

/** However few events a process works on at once, so many reads of one resource each may wait for their turn. */
const LEAST_SINGLE = 5;

/** Makes the reader of this process. It keeps nothing of an organisation for which nothing is to be read. */
export function createXeroReader(options: Options): XeroReader {
  const organisations = new Map<string, OrganisationReads>();
  const forbidden = createForbidden();
  const spoilers = createSpoilers();
  let waiting = 0;

  function readsOf(tenantId: string): OrganisationReads {
    let reads = organisations.get(tenantId);
    if (!reads) {
      for (const [id, one] of organisations) if (one.idle) organisations.delete(id);
      reads = createOrganisationReads({ ...options, tenantId, forbidden, spoilers, waiting: () => waiting });
      organisations.set(tenantId, reads);
    }
    return reads;
  }

  async function ask(
    { tenantId, words, patienceMs }: Wanted,
    many: boolean,
    place: (reads: OrganisationReads, ask: Ask) => void,
  ): Promise<Read<unknown>> {
    const reads = readsOf(tenantId);
    const { ask: asked, read } = createAsk({ words, patienceMs, onLate: (late) => reads.park(late, many) });
    waiting++;
    try {
      // Calls for one resource each could keep all places at which events are at work.
      const most = Math.max(LEAST_SINGLE, options.crowd().capacity / 2);
      if (!many && reads.single >= most) reads.park(asked, many);
      else place(reads, asked);
      return await read;
    } finally {
      waiting--;
    }
  }

  return {
    unfinishedLists: createUnfinishedLists(),
    resource({ category, id, ...wanted }) {
      const { tenantId } = wanted;
      const spoils = spoilers.has(tenantId, id.toLowerCase());
      const many = RESOURCE_KINDS[category].readsManyByIds && GUID.test(id) && !spoils;
      return ask(wanted, many, (reads, asked) => {
        if (many) reads.join(category, id.toLowerCase(), asked);
        else reads.add(callForResource({ tenantId, category, id }, asked, spoils ? SPOILERS : undefined));
      });
    },
    one({ call, pick, ...wanted }) {
      return ask(wanted, false, (reads, asked) =>
        reads.add(callForOne({ call, withoutToken: 'throw', ask: asked, pick })),
      );
    },
  };
}
