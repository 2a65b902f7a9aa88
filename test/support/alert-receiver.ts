import { json } from 'node:stream/consumers';
import { serve, until } from '@xero-webhooks/testing';

type Alert = { readonly alert: string; readonly state: string; readonly subject: string; readonly text: string };

type Post = { readonly text: string; readonly alerts: readonly Alert[] };

/** Whoever gets alerts, over HTTP. */
export async function alertReceiver() {
  const posts: Post[] = [];
  const url = await serve((request, response) => {
    void json(request).then((post) => {
      posts.push(post as Post);
      response.writeHead(204).end();
    });
  });
  const states = (name: string): string[] =>
    posts.flatMap(({ alerts }) => alerts.filter(({ alert }) => alert === name).map(({ state }) => state));
  return {
    url: `${url}/hook`,
    posts,
    /** What came of an alert, in order. */
    states,
    all: () => posts.flatMap(({ alerts }) => alerts),
    until: (name: string, state: string) =>
      until(() => states(name).includes(state), `${name} to be ${state}; there were ${JSON.stringify(posts)}`),
  };
}
