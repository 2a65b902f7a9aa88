import { describe, expect, it } from 'vitest';
import type { Refusal } from './blocked-by.ts';
import { blockedBy } from './blocked-by.ts';

const CLOUDFLARE =
  '<!DOCTYPE html>\n<!--[if lt IE 7]> <html class="no-js ie6"> <![endif]-->\n<html lang="en-US"><head><title>Attention Required! | Cloudflare</title></head></html>';
const AKAMAI =
  "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\nYou don't have permission to access this.<P>\nReference&#32;&#35;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab\n</BODY></HTML>";
const SQUID = '<html><head><title>ERROR: Cache Access Denied</title></head><body>insufficient_scope</body></html>';
const problem = (detail: string): string =>
  JSON.stringify({ Type: null, Title: 'Forbidden', Status: 403, Detail: detail, Instance: 'c2e9', Extensions: {} });

const refusal = (status: number, text: string, headers: Record<string, unknown> = {}): Refusal => ({
  status,
  text,
  headers,
});

describe('a refusal', () => {
  it.each<[string, Refusal, string]>([
    [
      'Cloudflare',
      refusal(403, CLOUDFLARE, { server: 'cloudflare', 'cf-ray': '7d1f2-AKL' }),
      '"Attention Required! | Cloudflare", server cloudflare, reference 7d1f2-AKL',
    ],
    [
      'Akamai',
      refusal(403, AKAMAI, { server: 'AkamaiGHost' }),
      '"Access Denied", server AkamaiGHost, reference 18.2d351ab8.1557333295.a4e16ab',
    ],
    [
      'a company’s proxy, whatever its page says',
      refusal(403, SQUID, { via: '1.1 squid' }),
      '"ERROR: Cache Access Denied", server 1.1 squid',
    ],
    ['a page with a 401', refusal(401, SQUID), '"ERROR: Cache Access Denied"'],
    [
      'a page though the call has a number',
      refusal(403, SQUID, { 'xero-correlation-id': 'x' }),
      '"ERROR: Cache Access Denied"',
    ],
    ['a proxy that asks for a login', refusal(407, ''), 'it does not say what it is'],
    [
      'a gateway that asks for a login',
      refusal(401, '', { 'www-authenticate': 'Negotiate' }),
      'it does not say what it is',
    ],
    ['JSON of a gateway', refusal(403, '{"message":"Forbidden"}', { server: 'awselb/2.0' }), 'server awselb/2.0'],
    ['a plain text', refusal(403, 'error code: 1020', { server: 'cloudflare' }), 'server cloudflare'],
    ['nothing at all', refusal(403, ''), 'it does not say what it is'],
  ])('is of something on the way to Xero: %s', (_what, given, expected) => {
    expect(blockedBy(given)).toBe(expected);
  });

  it.each<[string, Refusal]>([
    ['an organisation that is not connected', refusal(403, problem('AuthenticationUnsuccessful'))],
    ['a missing scope', refusal(401, problem('AuthorizationUnsuccessful'))],
    [
      'a missing scope, in lower case',
      refusal(403, '{"title":"Forbidden","status":403,"detail":"AuthorizationUnsuccessful"}'),
    ],
    [
      'a missing scope, in a header alone',
      refusal(403, '', { 'www-authenticate': 'Bearer error="insufficient_scope"' }),
    ],
    ['a missing scope, in a bare header', refusal(401, '', { 'www-authenticate': 'insufficient_scope' })],
    ['an exception in XML', refusal(403, '<ApiException><ErrorNumber>10</ErrorNumber></ApiException>')],
    ['another reason, of a call that Xero has numbered', refusal(403, '', { 'xero-correlation-id': 'c2e9' })],
    ['the older form', refusal(401, 'oauth_problem=token_expired')],
    ['a bare 401', refusal(401, '')],
  ])('is of Xero: %s', (_what, given) => {
    expect(blockedBy(given)).toBeUndefined();
  });

  it('with another status is none of this', () => {
    expect(blockedBy(refusal(404, AKAMAI))).toBeUndefined();
    expect(blockedBy(refusal(200, AKAMAI))).toBeUndefined();
  });
});
