import { expect, it } from 'vitest';
import { redact } from './redact.ts';

const payload = { resourceId: 'r', data: { Status: 'PAID', Contact: { Name: 'Ann', Emails: [{ Email: 'a@b' }] } } };

it.each<[string[], unknown]>([
  [[], payload],
  [['data.status'], { ...payload, data: { ...payload.data, Status: '(redacted)' } }],
  [['Email'], { ...payload, data: { ...payload.data, Contact: { Name: 'Ann', Emails: [{ Email: '(redacted)' }] } } }],
  [['data.contact'], { ...payload, data: { ...payload.data, Contact: '(redacted)' } }],
  [['status.data', 'nothing'], payload],
])('hides the fields %j of a payload, and no other', (fields, expected) => {
  expect(redact(payload, fields)).toEqual(expected);
});
