const MOST = 500;

/**
 * Picks out of a refusal what Xero says was wrong: its validation errors, its problem JSON, or its plain text.
 *
 * @returns one line, or an empty text where Xero said nothing
 */
export function problemText(body: string): string {
  const parsed = parse(body);
  const words = isObject(parsed) ? wordsOf(parsed) : /^\s*</.test(body) ? '' : body;
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, MOST);
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
