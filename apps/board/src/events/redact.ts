/** What stands in place of a field that is not to be shown. */
export const REDACTED = '(redacted)';

/**
 * A copy of a payload without the values of some fields.
 *
 * @param fields names, or paths such as `data.Status`; a name without a path means the field at every depth
 */
export function redact(payload: unknown, fields: readonly string[]): unknown {
  const hidden = new Set(fields.map((field) => field.toLowerCase()));
  const copy = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => copy(item, path));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const own = `${path}${name}`.toLowerCase();
        return hidden.has(own) || hidden.has(name.toLowerCase()) ? [name, REDACTED] : [name, copy(inner, `${own}.`)];
      }),
    );
  };
  return hidden.size === 0 ? payload : copy(payload, '');
}
