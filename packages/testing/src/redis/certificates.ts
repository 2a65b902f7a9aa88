import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a throw-away authority, and of one certificate that it has signed. */
export type Certificates = { readonly authority: string; readonly certificate: string; readonly key: string };

/**
 * Makes an authority and a certificate for servers, valid for a day, with the `openssl` on PATH. Clients that run on Node
 * trust the authority where `NODE_EXTRA_CA_CERTS` names its file.
 *
 * @param dir where the files go; made if it is not there
 * @param names what the certificate is for, for example `['DNS:redis.test', 'IP:127.0.0.1']`
 */
export function makeCertificates(dir: string, names: readonly string[]): Certificates {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  const authority = ['-subj', '/CN=authority', '-keyout', file('authority.key'), '-out', file('authority.crt')];
  openssl('req', '-x509', '-days', '1', ...newKey, ...authority);
  openssl('req', ...newKey, '-subj', '/CN=server', '-keyout', file('server.key'), '-out', file('server.csr'));
  writeFileSync(file('extensions'), `subjectAltName=${names.join(',')}\n`);
  const signedBy = ['-CA', file('authority.crt'), '-CAkey', file('authority.key'), '-CAcreateserial'];
  const signed = ['-in', file('server.csr'), '-extfile', file('extensions'), '-out', file('server.crt')];
  openssl('x509', '-req', '-days', '1', ...signedBy, ...signed);
  return { authority: file('authority.crt'), certificate: file('server.crt'), key: file('server.key') };
}
