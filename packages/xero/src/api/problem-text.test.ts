import { describe, expect, it } from 'vitest';
import { isXeros, problemText } from './problem-text.ts';

describe('what Xero says was wrong', () => {
  it.each([
    ['its problem JSON', '{"Type":null,"Title":"Unauthorized","Status":401,"Detail":"TokenExpired"}', 'TokenExpired'],
    ['an error of OAuth', '{"error":"invalid_grant"}', 'invalid_grant'],
    [
      'plain text',
      "The resource you're looking for cannot be found",
      "The resource you're looking for cannot be found",
    ],
    [
      'validation errors',
      '{"ErrorNumber":10,"Message":"A validation exception occurred","Elements":[{"ValidationErrors":[{"Message":"One"},{"Message":"Two"}]},{}]}',
      'A validation exception occurred; One; Two',
    ],
    [
      'its XML',
      '<ApiException xmlns:i="http://x"><ErrorNumber>16</ErrorNumber><Type>QueryParseException</Type><Message>No property &quot;Foo&quot; exists</Message></ApiException>',
      'No property "Foo" exists',
    ],
    [
      'validation errors in its XML',
      '<?xml version="1.0"?>\n<ApiException><Message>A validation exception occurred</Message><Elements><DataContractBase xsi:type="Invoice"><ValidationErrors><ValidationError><Message>One</Message></ValidationError><ValidationError><Message><![CDATA[Two & more]]></Message></ValidationError></ValidationErrors></DataContractBase></Elements></ApiException>',
      'A validation exception occurred; One; Two & more',
    ],
    [
      'XML of a namespace',
      '\uFEFF<a:ApiException><a:Message>No &#38; no &#xB7;</a:Message></a:ApiException>',
      'No & no ·',
    ],
    ['a page of a proxy', '<html><body>Bad gateway</body></html>', ''],
    ['the title of a page', '<!DOCTYPE html><html><head><title> Access\nDenied </title>', 'Access Denied'],
    ['XML that ends in the middle', '<ApiException><Message>No', ''],
    ['nothing', '', ''],
    ['something else', '[1, 2]', ''],
    ['several lines', '{"Detail":"a\\n  b"}', 'a b'],
  ])('is read from %s', (_what, body, expected) => {
    expect(problemText(body)).toBe(expected);
  });

  it('is cut where it is long', () => {
    expect(problemText(JSON.stringify({ Detail: 'x'.repeat(10_000) }))).toHaveLength(500);
  });

  it('is found in little time in a page that is made to take long', () => {
    expect(problemText(`<${'<Message>'.repeat(100_000)}`)).toBe('');
    expect(problemText(`<Message>${'<![CDATA['.repeat(100_000)}`)).toBe('');
  });
});

describe('an answer', () => {
  it.each<[boolean, string, Record<string, string>, string]>([
    [true, 'problem JSON', {}, '{"Title":"Forbidden","Status":403,"Detail":"AuthenticationUnsuccessful"}'],
    [true, 'Xero’s XML', {}, '<ApiException><Message>no</Message></ApiException>'],
    [true, 'a call’s own number', { 'xero-correlation-id': 'c' }, 'Forbidden'],
    [true, 'a challenge', { 'www-authenticate': 'Bearer error="insufficient_scope"' }, '<html></html>'],
    [true, 'nothing in it', {}, ''],
    [false, 'a page', {}, '<!DOCTYPE html><title>Access Denied</title>'],
    [false, 'a page of XHTML', {}, '<?xml version="1.0"?><html><head><title>403</title></head></html>'],
    [false, 'the text of a content network', {}, 'error code: 1020'],
  ])('is Xero’s: %s, where it has %s', (own, _what, headers, body) => {
    expect(isXeros(headers, body)).toBe(own);
  });
});
