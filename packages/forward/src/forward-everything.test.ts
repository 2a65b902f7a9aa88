import { createRegistry } from '@xero-webhooks/handlers';
import { loadConfig } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { forwardVariables } from './config.ts';
import { forwardEverything } from './forward-everything.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const FORWARD_URL = 'https://receiver.example/in';

const open = (environment: Record<string, string>) => forwardEverything(loadConfig(forwardVariables, environment));

describe('forwarding without a handler', () => {
  it('is off where nothing is set', () => {
    expect(open({})).toBeUndefined();
  });

  it.each([
    [{}, ['*']],
    [{ FORWARD_EVENTS: 'invoice.updated, contact.created' }, ['invoice.updated', 'contact.created']],
  ])('is a handler of its own: %j', (more, events) => {
    const registry = createRegistry();
    open({ FORWARD_URL, FORWARD_SECRET: SECRET, ...more })!(registry.on);
    expect(registry.handlers).toMatchObject([{ name: 'forward', events, latestOnly: false }]);
  });

  it.each<[Record<string, string>, string]>([
    [{ FORWARD_URL }, 'FORWARD_SECRET is not set'],
    [{ FORWARD_SECRET: SECRET }, 'FORWARD_URL is not set'],
    [{ FORWARD_URL: 'receiver.example', FORWARD_SECRET: SECRET }, 'FORWARD_URL is malformed'],
    [{ FORWARD_URL: 'https://a:b@receiver.example', FORWARD_SECRET: SECRET }, 'has a user or a password'],
    [{ FORWARD_URL: 'http://localhost:5000', FORWARD_SECRET: SECRET }, 'set FORWARD_ALLOW_PRIVATE=true'],
    [{ FORWARD_URL, FORWARD_SECRET: 'hunter2' }, 'FORWARD_SECRET is malformed: it must be whsec_ and'],
    [{ FORWARD_URL, FORWARD_SECRET: `${SECRET},hunter2` }, 'FORWARD_SECRET is malformed'],
    [{ FORWARD_EVENTS: 'invoice.updated,invoice.update' }, 'did you mean invoice.updated?'],
    [{ FORWARD_EVENTS: 'invoice' }, 'FORWARD_EVENTS has "invoice", which no event is named'],
    [{ FORWARD_INCLUDE: 'all' }, 'FORWARD_INCLUDE must be one of event, resource'],
  ])('is refused where it cannot work, without a word of the secret: %j', (environment, words) => {
    expect(() => open(environment)).toThrow(
      expect.objectContaining({
        code: 'XW_CONFIG',
        message: expect.stringMatching(new RegExp(words.replaceAll(/[?()]/g, '\\$&'))),
      }),
    );
    expect(() => open(environment)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hunter2|AQEB/) }),
    );
  });

  it('may lead to this machine where that is allowed', () => {
    const FORWARD_ALLOW_PRIVATE = 'true';
    expect(open({ FORWARD_URL: 'http://localhost:5000', FORWARD_SECRET: SECRET, FORWARD_ALLOW_PRIVATE })).toBeTypeOf(
      'function',
    );
  });
});
