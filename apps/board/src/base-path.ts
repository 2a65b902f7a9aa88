/**
 * The path below which browsers see the board.
 *
 * @param boardUrl BOARD_URL
 * @returns without a slash at its end: empty where the board is at the root of its host
 */
export function basePathOf(boardUrl: string | undefined): string {
  return boardUrl === undefined ? '' : new URL(boardUrl).pathname.replace(/\/+$/, '');
}

/**
 * Takes the base path off the target of a request, where a proxy has left it there. The segments are compared decoded,
 * because browsers and proxies encode them differently. Slashes in a row become one: some proxies leave two behind where
 * they strip a prefix.
 *
 * @param target path and query
 * @param basePath as `basePathOf` returns it
 */
export function withoutBasePath(target: string, basePath: string): string {
  if (basePath === '') return target;
  const [path = '', ...query] = target.split(/(?=[?#])/);
  const given = path.replaceAll(/\/{2,}/g, '/').split('/');
  const base = basePath.split('/');
  const isBelow = base.every((segment, index) => decoded(given[index]) === decoded(segment));
  return [isBelow ? `/${given.slice(base.length).join('/')}` : given.join('/'), ...query].join('');
}

/** The segment as it is where its escapes are malformed. */
function decoded(segment: string | undefined): string | undefined {
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
