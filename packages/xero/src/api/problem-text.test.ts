import { describe, expect, it } from 'vitest';
import { isPage, pageTitle, problemText } from './problem-text.ts';

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
      'an exception in XML',
      '<ApiException xmlns:xsd="http://www.w3.org/2001/XMLSchema">\r\n  <ErrorNumber>16</ErrorNumber>\r\n  <Type>QueryParseException</Type>\r\n  <Message>No property &apos;Foo&apos; exists &amp; more</Message>\r\n</ApiException>',
      "No property 'Foo' exists & more",
    ],
    [
      'validation errors in XML',
      '\uFEFF<?xml version="1.0"?><ApiException><ErrorNumber>10</ErrorNumber><Message>A validation exception occurred</Message><Elements><DataContractBase xsi:type="Invoice"><ValidationErrors><ValidationError><Message>One</Message></ValidationError><ValidationError><Message><![CDATA[Two <2>]]></Message></ValidationError></ValidationErrors></DataContractBase></Elements></ApiException>',
      'A validation exception occurred; One; Two <2>',
    ],
    ['XML with a namespace', '<a:ApiException><a:Message>No</a:Message></a:ApiException>', 'No'],
    ['XML that is cut off', '<ApiException><ErrorNumber>10</ErrorNumber><Message>A validation exc', 'A validation exc'],
    ['a problem in XML', '<problem><title>Forbidden</title><detail>not yours</detail></problem>', 'not yours'],
    ['XML that says nothing', '<ApiException><ErrorNumber>10</ErrorNumber></ApiException>', ''],
    [
      'the older form of authorisation',
      'oauth_problem=token_rejected&oauth_problem_advice=Token%20is%20gone',
      'token_rejected; Token is gone',
    ],
    ['a page in XHTML', '<?xml version="1.0"?>\n<!DOCTYPE html><html><title>No</title></html>', ''],
    ['a page of a proxy', '<html><body>Bad gateway</body></html>', ''],
    ['nothing', '', ''],
    ['something else', '[1, 2]', ''],
    ['several lines', '{"Detail":"a\\n  b"}', 'a b'],
  ])('is read from %s', (_what, body, expected) => {
    expect(problemText(body)).toBe(expected);
  });

  it('is cut where it is long', () => {
    expect(problemText(JSON.stringify({ Detail: 'x'.repeat(10_000) }))).toHaveLength(500);
    expect(problemText('x'.repeat(50_000_000))).toHaveLength(500);
    expect(problemText(`<ApiException>${'<Message>x</Message>'.repeat(100_000)}`)).toBe('x');
  });

  it.each([
    ['elements that never end', '<Message '.repeat(200_000)],
    ['texts that never end', '<Message><![CDATA['.repeat(200_000)],
    ['brackets', '<'.repeat(2_000_000)],
    ['spaces', `<Message>${' '.repeat(2_000_000)}`],
    ['comments', `<!--${'-'.repeat(2_000_000)}`],
    ['entities', `<Message>${'&#65;'.repeat(500_000)}`],
  ])('is found, or not, without a long search: %s', (_what, body) => {
    expect(problemText(body).length).toBeLessThanOrEqual(500);
    expect(pageTitle(body)).toBeTypeOf('string');
    expect(isPage(body)).toBe(false);
  });
});
