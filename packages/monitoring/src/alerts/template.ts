/** What the text of the alerts takes the place of. */
export const PLACEHOLDER = '{{text}}';

/** The body of a post: the template with the text in it. */
export function fillTemplate(template: string, text: string): Readonly<Record<string, unknown>> {
  const escaped = JSON.stringify(text).slice(1, -1);
  return JSON.parse(template.replaceAll(PLACEHOLDER, () => escaped)) as Readonly<Record<string, unknown>>;
}

/** Whether a template cannot be used. */
export function templateFault(template: string): boolean {
  if (!template.includes(PLACEHOLDER)) return true;
  try {
    const filled: unknown = fillTemplate(template, 'a "text"\n');
    return typeof filled !== 'object' || filled === null || Array.isArray(filled);
  } catch {
    return true;
  }
}
