import { boundedText } from '@xero-webhooks/bounded';

/** Longest reason, in characters. */
const MAX_REASON = 500;

/** How much of an answer that is not JSON is looked through, in characters. */
const MAX_LOOK = 100_000;

/** A page for a browser: it is not from Xero's API, and says nothing about the call. */
const PAGE =
  /^[^<]{0,100}(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|title)\b/i;

/**
 * Picks out of a refusal what Xero says was wrong: its validation errors, its problem JSON, its XML, or its plain text.
 *
 * @returns one line, or an empty text where Xero said nothing
 */
export function problemText(body: string): string {
  return oneLine(wordsIn(body), MAX_REASON);
}

/** Whether an answer is a page for a browser. */
export function isPage(body: string): boolean {
  return PAGE.test(body.slice(0, 4_000));
}

/** The title of a page, or its first heading, in one line. */
export function pageTitle(body: string): string {
  const start = body.slice(0, MAX_LOOK);
  const [, title = ''] =
    /<title\b[^>]{0,200}>([^<]{1,500})/i.exec(start) ?? /<h1\b[^>]{0,200}>([^<]{1,500})/i.exec(start) ?? [];
  return oneLine(decoded(title), 100);
}

function wordsIn(body: string): string {
  const parsed = parse(body);
  if (isObject(parsed)) return wordsOf(parsed);
  if (isPage(body)) return '';
  const start = body.slice(0, MAX_LOOK);
  if (/^[\s\uFEFF]*</.test(start)) return wordsOfXml(start);
  return oauthProblem(start) ?? start;
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

/** An element that says something, whatever its namespace. Each part has a bound, so that no text takes long to search. */
const SAYING =
  /<(?:[\w.-]{1,40}:)?(Message|Detail|Title)(?:\s[^<>]{0,500})?>\s{0,100}(?:<!\[CDATA\[([^]{0,2000}?)\]\]>|([^<]{0,2000}))/gi;

/** How many of them are read: the first says what kind of fault it is, the others are validation errors. */
const MAX_SAYINGS = 20;

/** An `ApiException`, as Xero answers where it does not look at what form was asked for, or a problem in XML. */
function wordsOfXml(xml: string): string {
  const said = new Map<string, Set<string>>();
  let count = 0;
  for (const [, name, cdata, text = ''] of xml.matchAll(SAYING)) {
    if (count++ >= MAX_SAYINGS) break;
    const words = (cdata ?? decoded(text)).trim();
    const kind = name!.toLowerCase();
    if (words !== '') said.set(kind, (said.get(kind) ?? new Set()).add(words));
  }
  const best = said.get('message') ?? said.get('detail') ?? said.get('title');
  return [...(best ?? [])].join('; ');
}

/** As Xero's older authorisation wrote them: a form with a problem and advice. */
function oauthProblem(text: string): string | undefined {
  if (!/^\s*oauth_problem=/.test(text)) return undefined;
  const form = new URLSearchParams(text.trim());
  return [form.get('oauth_problem'), form.get('oauth_problem_advice')].filter(Boolean).join('; ');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi,
    (whole, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
    },
  );
}

function oneLine(text: string, max: number): string {
  return boundedText(text.slice(0, MAX_LOOK).replaceAll(/\s+/g, ' ').trim(), max);
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
