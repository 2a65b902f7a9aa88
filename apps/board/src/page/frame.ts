import { raw } from 'hono/html';
import type { Html } from './html.ts';
import { html } from './html.ts';

/** Builds rewrite a template that has it in its own text, and then it needs a helper at run time. */
const SCRIPT_END = raw('</script>');

/** A link at the top of every page. */
export type NavigationEntry = {
  /** Below the base path. */
  readonly path: string;
  readonly label: string;
};

export type FrameOptions = {
  readonly title: string;
  /** The page's own path, which the navigation marks. @defaultValue none of them */
  readonly path?: string | undefined;
  readonly content: Html;
  readonly navigation: readonly NavigationEntry[];
  /** Turns a path into the address for the browser. */
  readonly link: (path: string) => string;
  /** Where the form goes that ends the session. */
  readonly logoutPath: string;
  readonly stylePath: string;
  readonly scriptPath: string;
  readonly iconPath: string;
};

/** A whole document, as text: the content below the navigation. */
export function frame({
  title,
  path,
  content,
  navigation,
  link,
  logoutPath,
  stylePath,
  scriptPath,
  iconPath,
}: FrameOptions): string {
  return String(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}: xero-webhooks</title>
          <link rel="stylesheet" href="${link(stylePath)}" />
          <link rel="icon" href="${link(iconPath)}" />
          <script type="module" src="${link(scriptPath)}">${SCRIPT_END}
        </head>
        <body>
          ${header({ path, navigation, link, logoutPath })}
          <main>${content}</main>
        </body>
      </html> `,
  );
}

/** Nothing where there is nowhere to go: on the login page. */
function header({
  path,
  navigation,
  link,
  logoutPath,
}: Pick<FrameOptions, 'path' | 'navigation' | 'link' | 'logoutPath'>): Html | undefined {
  if (navigation.length === 0) return undefined;
  return html`<header>
    <strong>xero-webhooks</strong>
    <nav>
      ${navigation.map((entry) =>
        entry.path === path
          ? html`<a href="${link(entry.path)}" aria-current="page">${entry.label}</a>`
          : html`<a href="${link(entry.path)}">${entry.label}</a>`,
      )}
    </nav>
    <form method="post" action="${link(logoutPath)}"><button type="submit">Log out</button></form>
  </header>`;
}
