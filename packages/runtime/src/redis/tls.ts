import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** TLS to one server: its certificate has to name the host. An address is no name to ask a server for (RFC 6066). */
export function tlsToOne(host: string): ConnectionOptions {
  return isIP(host) === 0 ? { servername: host } : {};
}

/**
 * TLS to servers that are told of by Sentinels or a Cluster, often as bare addresses: a certificate has to name the
 * server's own address, or the host in REDIS_URL.
 */
export function tlsToSeveral(host: string): ConnectionOptions {
  return {
    checkServerIdentity(address, certificate) {
      const fault = checkServerIdentity(address, certificate);
      return fault && checkServerIdentity(host, certificate) ? fault : undefined;
    },
  };
}
