import { describe, expect, it } from 'vitest';
import { xeroVariable } from './xero.ts';

describe('the Xero to be read', () => {
  it.each(['XERO_CLIENT_ID', 'XERO_TOKEN_URL', 'XERO_FAKE_URL'])('is named by %s', (name) => {
    expect(xeroVariable({ [name]: 'something' })).toBe(name);
  });

  it.each([{}, { XERO_CLIENT_ID: '', XERO_TOKEN_URL: ' ' }, { XERO_WEBHOOK_KEY: 'a key' }])(
    'is not named by %j',
    (environment) => {
      expect(xeroVariable(environment)).toBeUndefined();
    },
  );
});
