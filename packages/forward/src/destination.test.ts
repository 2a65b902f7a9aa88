import { describe, expect, it } from 'vitest';
import { readDestination } from './destination.ts';

describe('a destination', () => {
  it('has its query left out of what its messages have in common, and its path of what is shown', () => {
    expect(readDestination('https://Receiver.example:8443/in/secret?a=1#b', false)).toEqual({
      url: 'https://receiver.example:8443/in/secret?a=1',
      address: 'https://receiver.example:8443/in/secret',
      shown: 'https://receiver.example:8443',
    });
  });

  it.each([
    ['', 'XW_FORWARD_OPTIONS'],
    ['receiver.example', 'XW_FORWARD_OPTIONS'],
    ['undefined', 'XW_FORWARD_OPTIONS'],
    ['ftp://receiver.example/', 'XW_FORWARD_OPTIONS'],
    ['file:///etc/passwd', 'XW_FORWARD_OPTIONS'],
    ['https://user:S3CRET@receiver.example/', 'XW_FORWARD_OPTIONS'],
    ['http://localhost/', 'XW_FORWARD_PRIVATE'],
    ['http://127.0.0.1/S3CRET', 'XW_FORWARD_PRIVATE'],
    ['http://0x7f.1/', 'XW_FORWARD_PRIVATE'],
    ['http://[::ffff:10.0.0.1]/', 'XW_FORWARD_PRIVATE'],
    ['http://[::127.0.0.1]/', 'XW_FORWARD_PRIVATE'],
    ['http://169.254.169.254/latest/meta-data/', 'XW_FORWARD_PRIVATE'],
  ])('%j is refused with %s, and its path is not shown', (url, code) => {
    expect(() => readDestination(url, false)).toThrow(
      expect.objectContaining({ code, message: expect.not.stringMatching(/S3CRET|meta-data/) }),
    );
  });

  it('may be private where that is allowed', () => {
    expect(readDestination('http://10.0.0.1/', true)).toMatchObject({ url: 'http://10.0.0.1/' });
  });
});
