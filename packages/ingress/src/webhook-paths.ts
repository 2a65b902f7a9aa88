/**
 * The configured path without and with a slash at its end, which is easily added to or left out of a delivery URL.
 *
 * @returns the one without the slash first
 */
export function webhookPaths(path: string): readonly string[] {
  const bare = path.replace(/(?<=.)\/$/, '');
  return bare === '/' ? [bare] : [bare, `${bare}/`];
}
