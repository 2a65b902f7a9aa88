import { describe, expect, it } from 'vitest';
import { problemText } from './problem-text.ts';

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
    ['a page of a proxy', '<html><body>Bad gateway</body></html>', ''],
    ['nothing', '', ''],
    ['something else', '[1, 2]', ''],
    ['several lines', '{"Detail":"a\\n  b"}', 'a b'],
  ])('is read from %s', (_what, body, expected) => {
    expect(problemText(body)).toBe(expected);
  });

  it('is cut where it is long', () => {
    expect(problemText(JSON.stringify({ Detail: 'x'.repeat(10_000) }))).toHaveLength(500);
  });
});
