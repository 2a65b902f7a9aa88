import { sampleResource } from '@xero-webhooks/fake-xero';
import type { ResourceCategory, ResourceOfCategory } from '@xero-webhooks/handlers';
import type { XeroEvent } from '@xero-webhooks/webhook';
import type { XeroReader } from '@xero-webhooks/xero';
import { API_ROOT, notFound, readJson } from '@xero-webhooks/xero';

type Fields<Category extends ResourceCategory> = Partial<ResourceOfCategory[Category]>;
type Answer<Value> = Value | null | Error;

/**
 * What `context.resource()` comes to, by category: fields that are to be other than those of a sample, an error that it
 * throws, `null` for a resource that Xero does not have, or a function that gives one of these for an event.
 */
export type TestResources = {
  [Category in ResourceCategory]?:
    | Answer<Fields<Category>>
    | ((event: XeroEvent) => Answer<Fields<Category>> | Promise<Answer<Fields<Category>>>);
};

/**
 * What `context.xero` comes to, by path: the answer of `get`, a list that `list` reads, an error that is thrown, `null` for
 * what Xero does not have, or a function that gives one of these for the query.
 */
export type TestAnswers = Readonly<Record<string, unknown>>;

type Options = { event: XeroEvent; resources: TestResources; answers: TestAnswers };

// Tests may replace the timers of the whole process later.
const { setImmediate: nextTurn } = globalThis;

const DEFAULT_PAGE_SIZE = 100;

/** Reads what a test has laid down instead of calling Xero. */
export function createTestReader({ event, resources, answers }: Options): XeroReader {
  const valueOf = async (laid: unknown, argument: unknown): Promise<unknown> => {
    // As from the network: not at once, so that a missing await shows.
    await new Promise<void>((resolve) => nextTurn(resolve));
    const value: unknown = typeof laid === 'function' ? await (laid as (given: unknown) => unknown)(argument) : laid;
    if (value instanceof Error) throw value;
    return value;
  };

  return {
    unfinishedLists: { add: () => false },
    async resource({ category, id, tenantId }) {
      const laid = resources[category];
      const over = await valueOf(laid === undefined ? {} : laid, event);
      if (over === null) throw notFound(`${category} ${id}`);
      const sample = readJson(JSON.stringify(sampleResource({ category, resourceId: id, tenantId }))) as object;
      return { outcome: 'read', value: { ...sample, ...(over as object) } };
    },
    async one({ call: { path, query }, pick }) {
      const below = path.slice(API_ROOT.length);
      if (!Object.hasOwn(answers, below)) {
        throw new Error(`the test has no answer for ${below}: add it to the answers of testHandlers`);
      }
      const parameters = Object.fromEntries(new URLSearchParams(query));
      const value = await valueOf(answers[below], parameters);
      if (value === null) throw notFound(below);
      return { outcome: 'read', value: pick(Array.isArray(value) ? pageOf(below, value, parameters) : value) };
    },
  };
}

function pageOf(path: string, items: readonly unknown[], { page, pageSize }: Record<string, string>): object {
  const name = path.split('/').at(-1)!;
  if (page === undefined) return { [name]: items };
  const size = Number(pageSize ?? DEFAULT_PAGE_SIZE);
  const begin = (Number(page) - 1) * size;
  return { [name]: items.slice(begin, begin + size), pagination: { pageCount: Math.ceil(items.length / size) } };
}
