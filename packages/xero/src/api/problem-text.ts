const MAX_TEXT = 500;

/**
 * Picks out of a refusal what Xero says was wrong: its validation errors, its problem JSON, its XML, or its plain text. Of
 * a web page, which Xero's API never sends, it is the title.
 *
 * @returns one line, or an empty text where Xero said nothing
 */
export function problemText(body: string): string {
  const parsed = parse(body);
  const words = isObject(parsed) ? wordsOf(parsed) : isMarkup(body) ? wordsOfMarkup(body) : body;
  return words.slice(0, MAX_MARKUP).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TEXT);
}

/**
 * Whether an answer is Xero's own, rather than of something between here and Xero, such as a firewall or a content
 * network, whose refusals say nothing about tokens and scopes.
 */
export function isXeros(headers: Readonly<Record<string, unknown>>, body: string): boolean {
  if ('xero-correlation-id' in headers || 'www-authenticate' in headers || body.trim() === '') return true;
  return isObject(parse(body)) || (isMarkup(body) && textsOf(body, XERO_TAG).length > 0);
}

/** No more of a page is looked at, in characters. */
const MAX_MARKUP = 20_000;

/** Where Xero's XML has its words (https://developer.xero.com/documentation/api/accounting/responsecodes). */
const XERO_TAG = /<(?:\w+:)?(?:Message|Detail)>([^<]*(?:<!\[CDATA\[[^]*?\]\]>)?[^<]*)</g;
const TITLE_TAG = /<title[^>]*>([^<]*)</gi;

function isMarkup(body: string): boolean {
  return /^\uFEFF?\s*</.test(body);
}

function wordsOfMarkup(body: string): string {
  const said = textsOf(body, XERO_TAG);
  return [...new Set(said.length > 0 ? said : textsOf(body, TITLE_TAG))].join('; ');
}

function textsOf(body: string, tag: RegExp): string[] {
  return [...body.slice(0, MAX_MARKUP).matchAll(tag)].map(([, text]) => decoded(text!).trim()).filter(Boolean);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text
    .replaceAll(/<!\[CDATA\[([^]*?)\]\]>/g, '$1')
    .replaceAll(/&(?:(\w+)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

function wordsOf(problem: Record<string, unknown>): string {
  const detail = firstText(problem, ['Detail', 'detail', 'Message', 'Title', 'title', 'error_description', 'error']);
  const validation = validationErrors(problem);
  return [detail, ...validation].filter(Boolean).join('; ');
}

function validationErrors({ Elements: elements }: Record<string, unknown>): string[] {
  if (!Array.isArray(elements)) return [];
  const errors = elements.flatMap((element) =>
    isObject(element) && Array.isArray(element['ValidationErrors']) ? (element['ValidationErrors'] as unknown[]) : [],
  );
  return errors.flatMap((error) => (isObject(error) && typeof error['Message'] === 'string' ? [error['Message']] : []));
}

function firstText(problem: Record<string, unknown>, names: readonly string[]): string {
  const name = names.find((each) => typeof problem[each] === 'string' && problem[each] !== '');
  return name === undefined ? '' : String(problem[name]);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
