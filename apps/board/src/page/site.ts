import { readFileSync } from 'node:fs';
import type { Log } from '@xero-webhooks/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Cookies } from './cookies.ts';
import { createCookies } from './cookies.ts';
import type { Fault } from './fault-content.ts';
import { faultContent } from './fault-content.ts';
import type { Forms } from './forms.ts';
import { createForms } from './forms.ts';
import type { FrameOptions, NavigationEntry } from './frame.ts';
import { frame } from './frame.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { LOGOUT_PATH } from '../paths.ts';

/** Where the stylesheet of all pages is. */
export const STYLE_PATH = '/page/style.css';

/** Where the script of all pages is. */
export const SCRIPT_PATH = '/page/script.js';

const STYLE = readFileSync(new URL('style.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('script.js', import.meta.url), 'utf8');

/** The icon of every page. */
export const ICON_PATH = '/page/icon.svg';
const ICON = readFileSync(new URL('icon.svg', import.meta.url), 'utf8');

/** A form with a hundred keys. */
const MAX_FORM_BYTES = 16_384;

export type SiteOptions = {
  /** The path below which browsers see the board, without a slash at its end. */
  readonly basePath: string;
  /** BOARD_URL. */
  readonly boardUrl: string | undefined;
  readonly navigation: readonly NavigationEntry[];
  readonly log: Log;
};

/** A page's content, before it is put below the navigation. */
export type Page = {
  readonly title: string;
  /** The page's own path, which the navigation marks. */
  readonly path: string;
  readonly content: Html;
};

/** What the board's own pages share. They work without JavaScript, and no browser or proxy stores them. */
export type Site = {
  /** Turns a path below the base path into the address for the browser. */
  link(path: string): string;
  show(reply: FastifyReply, page: Page): FastifyReply;
  /** Shows a page for somebody who has not logged in: without the navigation. */
  showAlone(reply: FastifyReply, title: string, content: Html): FastifyReply;
  showFault(reply: FastifyReply, fault: Fault): FastifyReply;
  showNotFound(reply: FastifyReply): FastifyReply;
  /** Sends the browser to another page with GET (303). */
  redirect(reply: FastifyReply, path: string, query?: Readonly<Record<string, string>>): FastifyReply;
  readonly forms: Forms;
  readonly cookies: Cookies;
  /**
   * Adds routes that can read forms.
   *
   * @param failed shown when one of the routes throws; the error is logged
   */
  mount(app: FastifyInstance, failed: Fault, addRoutes: (pages: FastifyInstance) => void): Promise<void>;
  /** Adds the stylesheet and the script. */
  mountStyle(app: FastifyInstance): void;
};

export function createSite({ basePath, boardUrl, navigation, log }: SiteOptions): Site {
  const cookies = createCookies(basePath, boardUrl?.startsWith('https:') ?? false);
  const link = (path: string): string => `${basePath}${path}`;

  type Sent = Pick<FrameOptions, 'title' | 'path' | 'content'> & { alone?: boolean };

  function send(reply: FastifyReply, { alone = false, ...page }: Sent): FastifyReply {
    const text = frame({
      ...page,
      navigation: alone ? [] : navigation,
      logoutPath: LOGOUT_PATH,
      link,
      stylePath: STYLE_PATH,
      scriptPath: SCRIPT_PATH,
      iconPath: ICON_PATH,
    });
    return reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).send(text);
  }

  function showFault(reply: FastifyReply, fault: Fault): FastifyReply {
    return send(reply.code(fault.status), { title: 'Error', content: faultContent(fault, link) });
  }

  return {
    link,
    show: (reply, page) => send(reply, page),
    showAlone: (reply, title, content) => send(reply, { title, content, alone: true }),
    showFault,
    showNotFound: (reply) => send(reply.code(404), { title: 'Page not found', content: html`<h1>Page not found</h1>` }),
    redirect: (reply, path, query) =>
      reply.redirect(query === undefined ? link(path) : `${link(path)}?${new URLSearchParams(query).toString()}`, 303),
    forms: createForms(cookies, boardUrl),
    cookies,
    async mount(app, failed, addRoutes) {
      await app.register(async (pages) => {
        acceptForms(pages);
        pages.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
          if (error.statusCode !== undefined && error.statusCode < 500) return reply.send(error);
          log.error({ err: error, code: failed.code }, 'a page of the board failed');
          return showFault(reply, failed);
        });
        addRoutes(pages);
      });
    },
    mountStyle(app) {
      app.get(STYLE_PATH, async (_request, reply) =>
        reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-store' }).send(STYLE),
      );
      app.get(SCRIPT_PATH, async (_request, reply) =>
        reply.headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' }).send(SCRIPT),
      );
      app.get(ICON_PATH, async (_request, reply) =>
        reply.headers({ 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' }).send(ICON),
      );
    },
  };
}

function acceptForms(pages: FastifyInstance): void {
  pages.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
  pages.addHook('onRequest', async (_request, reply) => {
    // Under the board's stricter policy, browsers do not say where a form comes from.
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
  });
}
