/** What REDIS_URL says. */
export type RedisAddress = {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Host and port as they were given: what may be shown. */
  readonly shown: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
};

/** Without the part in front of the last `@` of the authority, which is user and password. */
const ADDRESS =
  /^(?:\[(?<ipv6>[\da-f:.]+)\]|(?<name>[\p{L}\p{N}._-]+))(?::(?<port>\d{1,5}))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?(?<fragment>#.*)?$/isu;

/** Redis counts its databases in a C int. */
const MAX_DATABASE = 2_147_483_647;

const EXAMPLE = 'an address such as redis://user:password@host:6379/0';

/** The words for what REDIS_URL may be. */
export const REDIS_URL_EXPECTED = 'an address that begins with redis:// or rediss://';

/**
 * Takes REDIS_URL apart, and refuses what could be taken apart in more than one way: half of a password would otherwise
 * be looked up as a host, and a mistyped database would be another one.
 *
 * @returns the parts; or what is wrong, in words that show nothing of the address but the names of options
 */
export function parseRedisUrl(text: string): RedisAddress | { complaint: string } {
  const [, scheme, rest] = /^(rediss?):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return { complaint: `is malformed; expected ${REDIS_URL_EXPECTED}` };

  const authority = /^[^/?#]*/.exec(rest)![0];
  if (rest.slice(authority.length).includes('@')) {
    return {
      complaint:
        'has an "@" behind a "/", "?" or "#", so that it cannot be told where the password ends; expected special characters in user and password to be percent-encoded: / as %2F, ? as %3F, # as %23, @ as %40, : as %3A',
    };
  }
  const at = authority.lastIndexOf('@');
  const { ipv6, name, port = '6379', path = '', query, fragment } = ADDRESS.exec(rest.slice(at + 1))?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined || !isPort(port)) return { complaint: `is malformed; expected ${EXAMPLE}` };
  if (fragment !== undefined) return { complaint: `has a "#" behind the host; expected ${EXAMPLE}` };
  if (query !== undefined) return { complaint: describeOptions(query) };
  const database = databaseOf(path);
  if (database === undefined) {
    return {
      complaint: `names a database that is not a whole number; expected none or its number after the slash, ${EXAMPLE}`,
    };
  }
  const credentials = credentialsOf(authority.slice(0, Math.max(0, at)));
  if (credentials === undefined) {
    return { complaint: 'is malformed; expected each percent sign in its user and password to be written as %25' };
  }
  return {
    tls: scheme.toLowerCase() === 'rediss',
    host,
    port: Number(port),
    shown: /^[^/?#]*/.exec(rest.slice(at + 1))![0],
    username: credentials.username,
    password: credentials.password,
    database,
  };
}

function isPort(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 65_535;
}

function databaseOf(path: string): number | undefined {
  if (path === '' || path === '/') return 0;
  const [, digits] = /^\/(0|[1-9]\d{0,9})$/.exec(path) ?? [];
  return digits === undefined || Number(digits) > MAX_DATABASE ? undefined : Number(digits);
}

/** The name of an option may be shown, its value not; what has no value may be one itself. */
function describeOptions(query: string): string {
  const names = query.split('&').flatMap((option) => /^([a-z][\w.-]{0,30})=/i.exec(option)?.[1] ?? []);
  const which = names.length === 0 ? '' : ` (${[...new Set(names)].join(', ')})`;
  return `has options behind a "?" that are not supported${which}; expected none: the database is the number after the slash, and rediss:// means TLS`;
}

function credentialsOf(text: string): { username: string | undefined; password: string | undefined } | undefined {
  const colon = text.indexOf(':');
  const [username, password] = colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  try {
    return {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password) || undefined,
    };
  } catch {
    return undefined;
  }
}
