import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';

const unzip = promisify(gunzip);
const unbrotli = promisify(brotliDecompress);

/**
 * The text of a body that was sent with gzip, brotli or neither.
 *
 * @throws RangeError if it would be longer than `maxBytes`
 */
export async function unpack(body: Buffer, encoding: unknown, maxBytes: number): Promise<string> {
  const bounds = { maxOutputLength: maxBytes };
  switch (encoding) {
    case 'gzip':
      return (await unzip(body, bounds)).toString('utf8');
    case 'br':
      return (await unbrotli(body, bounds)).toString('utf8');
    default:
      return body.toString('utf8');
  }
}
