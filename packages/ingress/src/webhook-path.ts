/**
 * The paths that lead to the webhook: the one that was configured, and the same with a slash at its end, which is easily
 * added or forgotten in a delivery URL.
 *
 * @returns the one without the slash first
 */
export function webhookPaths(path: string): readonly string[] {
  const bare = path.replace(/(?<=.)\/$/, '');
  return bare === '/' ? [bare] : [bare, `${bare}/`];
}
