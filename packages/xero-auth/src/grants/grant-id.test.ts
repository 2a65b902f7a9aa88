import { describe, expect, it } from 'vitest';
import { grantIdOf } from './grant-id.ts';

const tokenWith = (claims: unknown): string =>
  ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature'].join('.');

describe('the name of a grant', () => {
  it('is the same for one user of one app, and tells nothing of the user', () => {
    const id = grantIdOf('app', tokenWith({ xero_userid: 'u-1', sub: 'other' }));
    expect(id).toMatch(/^[\w-]{27}$/);
    expect(grantIdOf('app', tokenWith({ sub: 'u-1', jti: 'another token' }))).toBe(id);
    expect(grantIdOf('app', tokenWith({ xero_userid: 'u-2' }))).not.toBe(id);
    expect(grantIdOf('another app', tokenWith({ xero_userid: 'u-1' }))).not.toBe(id);
  });

  it.each(['opaque', 'a.b.c', tokenWith(null), tokenWith({}), tokenWith({ sub: 7, xero_userid: '' })])(
    'is a random one where the token does not say: %s',
    (token) => {
      expect(grantIdOf('app', token)).toMatch(/^[\w-]{27}$/);
      expect(grantIdOf('app', token)).not.toBe(grantIdOf('app', token));
    },
  );
});
