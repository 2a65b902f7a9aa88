import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { until } from '@xero-webhooks/testing';

type Alert = { readonly alert: string; readonly state: string; readonly subject: string; readonly text: string };

type Post = { readonly text: string; readonly alerts: readonly Alert[] };

/** Whoever gets alerts, over HTTP. */
export async function alertReceiver() {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    void json(request).then((post) => {
      posts.push(post as Post);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const states = (name: string): string[] =>
    posts.flatMap(({ alerts }) => alerts.filter(({ alert }) => alert === name).map(({ state }) => state));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    posts,
    /** What came of an alert, in order. */
    states,
    all: () => posts.flatMap(({ alerts }) => alerts),
    until: (name: string, state: string) =>
      until(() => states(name).includes(state), `${name} to be ${state}; there were ${JSON.stringify(posts)}`),
  };
}
