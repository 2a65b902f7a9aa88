import { html as template } from 'hono/html';
import type { raw } from 'hono/html';

/** Markup that may be shown as it is. */
export type Html = ReturnType<typeof raw>;

type Part = Html | string | number | undefined | readonly Html[];

/** Puts markup together: a template's own text stays as it is, and every text that is put into it is escaped. */
export function html(text: TemplateStringsArray, ...parts: readonly Part[]): Html {
  // Only a part that is a promise would make it one.
  return template(text, ...parts) as Html;
}
