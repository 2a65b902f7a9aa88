import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '@xero-webhooks/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from './fault-content.ts';
import { html } from './html.ts';
import { createSite } from './site.ts';

const FAILED: Fault = {
  status: 503,
  code: 'XW_EXAMPLE',
  reason: 'Redis does not answer',
  remedy: 'Try again.',
  back: { path: '/one', label: 'Back' },
};

async function siteWithPage(content: () => string): Promise<FastifyInstance> {
  const site = createSite({
    basePath: '/ops',
    boardUrl: 'https://board.example/ops',
    navigation: [
      { path: '/one', label: 'One' },
      { path: '/two', label: 'Two' },
    ],
    log: createLogger('board', 'silent'),
  });
  const app = Fastify();
  onTestFinished(() => app.close());
  site.mountStyle(app);
  await site.mount(app, FAILED, (pages) => {
    pages.get('/one', async (request, reply) =>
      site.show(reply, {
        title: 'One & all',
        path: '/one',
        content: html`<p>${content()}</p>
          ${site.forms.field(request, reply)}`,
      }),
    );
    pages.post('/one', async (request, reply) =>
      site.forms.read(request) === undefined
        ? site.showFault(reply, { ...FAILED, status: 403 })
        : site.redirect(reply, '/one', { notice: 'saved' }),
    );
  });
  return app;
}

describe('a page of the board', () => {
  it('shows its content below the navigation, which marks it', async () => {
    const app = await siteWithPage(() => '<b>');
    const { body, headers } = await app.inject('/one');
    expect(body).toContain('<title>One &amp; all: xero-webhooks</title>');
    expect(body).toContain('<p>&lt;b&gt;</p>');
    expect(body).toContain('<a href="/ops/one" aria-current="page">One</a>');
    expect(body).toContain('<a href="/ops/two">Two</a>');
    expect(headers['cache-control']).toBe('no-store');
    const [, style] = /rel="stylesheet" href="\/ops([^"]+)"/.exec(body)!;
    expect((await app.inject(style!)).headers['content-type']).toContain('text/css');
  });

  it('shows the given fault when it throws, and nothing of the error', async () => {
    const app = await siteWithPage(() => {
      throw new Error('a secret');
    });
    const { statusCode, body } = await app.inject('/one');
    expect(statusCode).toBe(503);
    expect(body).toContain('Redis does not answer.');
    expect(body).toContain('docs/errors.md#xw_example');
    expect(body).not.toContain('a secret');
  });

  it('takes its own form, and no other', async () => {
    const app = await siteWithPage(() => '');
    const page = await app.inject('/one');
    const [{ name, value, secure, sameSite, path }] = page.cookies as [(typeof page.cookies)[number]];
    expect({ secure, sameSite, path }).toEqual({ secure: true, sameSite: 'Strict', path: '/ops' });
    const [, formToken] = /name="formToken" value="([^"]+)"/.exec(page.body)!;
    const send = async (fields: Record<string, string>, site: string): Promise<number> => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': site };
      const payload = new URLSearchParams(fields).toString();
      return (await app.inject({ method: 'POST', url: '/one', headers, cookies: { [name]: value }, payload }))
        .statusCode;
    };
    expect(await send({ formToken: formToken! }, 'same-origin')).toBe(303);
    expect(await send({ formToken: formToken! }, 'cross-site')).toBe(403);
    expect(await send({ formToken: 'another' }, 'same-origin')).toBe(403);
    expect(await send({}, 'same-origin')).toBe(403);
  });
});
