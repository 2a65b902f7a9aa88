import type { Certificates } from './certificates.ts';

/** Who may come in to a server, and whether it speaks TLS. */
export type RedisSecurity = {
  /** With one, Redis's default user is switched off. @defaultValue the default user */
  username?: string;
  /** @defaultValue anybody may come in */
  password?: string;
  /** With them, the server speaks nothing but TLS. */
  certificates?: Certificates;
};

/** The words of a server's command line for its security; its own replicas and fellow nodes get in too. */
export function securityArgs({ username, password, certificates }: RedisSecurity, port: number): string[] {
  const args: string[] = [];
  if (password !== undefined) {
    const user = ['--user', username ?? '', 'on', `>${password}`, '~*', '&*', '+@all', '--user', 'default', 'off'];
    args.push(...(username === undefined ? ['--requirepass', password] : [...user, '--masteruser', username]));
    args.push('--masterauth', password);
  }
  if (certificates) {
    args.push('--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no');
    args.push('--tls-replication', 'yes', '--tls-cluster', 'yes', '--tls-ca-cert-file', certificates.authority);
    args.push('--tls-cert-file', certificates.certificate, '--tls-key-file', certificates.key);
  }
  return args;
}

/** What REDIS_URL has to be for servers of this security. `host` is `name` or `name:port`. */
export function securityUrl({ username = '', password, certificates }: RedisSecurity, host: string): string {
  const credentials = password === undefined ? '' : `${username}:${encodeURIComponent(password)}@`;
  return `${certificates ? 'rediss' : 'redis'}://${credentials}${host}`;
}
