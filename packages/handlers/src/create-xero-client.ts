import type { UnknownResource } from './resource.ts';
import type { ListPage } from './xero-access.ts';
import type { ListOptions, XeroClient } from './xero-client.ts';

type Reads = {
  get(path: string, query: Readonly<Record<string, string | number | boolean>>): Promise<unknown>;
  /** One page of a list, from 1. */
  page(path: string, number: number, options: ListOptions): Promise<ListPage>;
};

/** The client that users have, over reads that come to a value. It reads a page of a list when the one before is used up. */
export function createXeroClient({ get, page }: Reads): XeroClient {
  async function* list(path: string, options: ListOptions = {}): AsyncGenerator<UnknownResource> {
    for (let number = 1; ; number++) {
      const { items, more } = await page(path, number, options);
      yield* items as UnknownResource[];
      if (!more) return;
    }
  }

  return {
    get: <Answer>(path: string, query = {}) => get(path, query) as Promise<Answer>,
    list: list as XeroClient['list'],
  };
}
