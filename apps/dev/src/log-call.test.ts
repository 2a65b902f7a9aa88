import type { LoggedCall } from '@xero-webhooks/fake-xero';
import { describe, expect, it } from 'vitest';
import { logCall } from './log-call.ts';

/** What is logged of a call: the level, the message and the fields. */
function logged(call: Partial<LoggedCall>): unknown[] {
  const lines: unknown[] = [];
  const write = (level: string) => (fields: object, message?: string) => void lines.push([level, message, fields]);
  const whole = { time: 0, method: 'GET', path: '/connections', query: '', simultaneous: 1, ...call };
  logCall({ info: write('info'), warn: write('warn') }, whole);
  return lines;
}

describe('a call of the fake Xero', () => {
  it('is logged with its path and status', () => {
    expect(logged({ status: 200 })).toEqual([['info', 'GET /connections', { status: 200 }]]);
  });

  it('is logged with the number of resources it asks for, and nothing else of its query', () => {
    const query = new URLSearchParams({ IDs: 'a,b,c', page: '1', code: 'secret' }).toString();
    expect(logged({ path: '/api.xro/2.0/Invoices', query, status: 200 })).toEqual([
      ['info', 'GET /api.xro/2.0/Invoices', { ids: 3, status: 200 }],
    ]);
  });

  it.each([400, 401, 404, 429, 503])('is a warning where it is answered %i', (status) => {
    expect(logged({ status })).toEqual([['warn', 'GET /connections', { status }]]);
  });

  it('is a warning where it is not answered', () => {
    expect(logged({})).toEqual([['warn', 'GET /connections', { status: 'none' }]]);
  });
});
