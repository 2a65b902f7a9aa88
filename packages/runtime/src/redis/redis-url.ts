export type RedisAddress = {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Host and port as given, safe to show. */
  readonly shown: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
};

/** What follows user and password, which end at the last `@` of the authority. */
const ADDRESS =
  /^(?:\[(?<ipv6>[\da-f:.]+)\]|(?<name>[\p{L}\p{N}._-]+))(?::(?<port>\d{1,5}))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?(?<fragment>#.*)?$/isu;

/** Redis numbers its databases with a C int. */
const MAX_DATABASE = 2_147_483_647;

const EXAMPLE = 'an address such as redis://user:password@host:6379/0';

/** Completes "REDIS_URL must be …". */
export const REDIS_URL_EXPECTED = 'an address that begins with redis:// or rediss://';

/**
 * Refuses what could be parsed in more than one way: otherwise half of a password could be looked up as a host name, and a
 * mistyped database number could select another database.
 *
 * @returns the parts; or what is wrong, which reveals nothing of the address except names of options
 */
export function parseRedisUrl(text: string): RedisAddress | { complaint: string } {
  const [, scheme, rest] = /^(rediss?):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined)
    return { complaint: `is malformed: it must be ${REDIS_URL_EXPECTED}` };

  const authority = /^[^/?#]*/.exec(rest)![0];
  if (rest.slice(authority.length).includes('@')) {
    return {
      complaint:
        'has an "@" after a "/", "?" or "#", so it is unclear where the password ends: percent-encode special characters in user and password (/ as %2F, ? as %3F, # as %23, @ as %40, : as %3A)',
    };
  }
  const at = authority.lastIndexOf('@');
  const { ipv6, name, port = '6379', path = '', query, fragment } = ADDRESS.exec(rest.slice(at + 1))?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined || !isPort(port)) return { complaint: `is malformed: it must be ${EXAMPLE}` };
  if (fragment !== undefined) return { complaint: `has a "#" after the host: it must be ${EXAMPLE}` };
  if (query !== undefined) return { complaint: describeOptions(query) };
  const database = databaseOf(path);
  if (database === undefined) {
    return {
      complaint: `names a database that is not a whole number: put its number after the slash, or nothing; it must be ${EXAMPLE}`,
    };
  }
  const credentials = credentialsOf(authority.slice(0, Math.max(0, at)));
  if (credentials === undefined) {
    return { complaint: 'is malformed: write each percent sign in its user and password as %25' };
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

/** Shows the names of options, never values; an option without a value may be a value itself. */
function describeOptions(query: string): string {
  const names = query.split('&').flatMap((option) => /^([a-z][\w.-]{0,30})=/i.exec(option)?.[1] ?? []);
  const which = names.length === 0 ? '' : ` (${[...new Set(names)].join(', ')})`;
  return `has unsupported options after the "?"${which}: remove them; the database is the number after the slash, and rediss:// means TLS`;
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
