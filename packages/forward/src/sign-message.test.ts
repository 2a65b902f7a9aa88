import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { SECRET_PATTERN } from './secret.ts';
import { signMessage } from './sign-message.ts';

const SECRET = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
const OTHER = `whsec_${Buffer.alloc(64, 7).toString('base64')}`;

describe('a signed message', () => {
  it('has the signature that the specification gives for its example', () => {
    const body = '{"event_type":"ping","data":{"success":true}}';
    expect(signMessage({ id: 'msg_loFOjxBNrRLzqYUf', body, secrets: [SECRET] }, 1_731_705_121_999)).toEqual({
      'webhook-id': 'msg_loFOjxBNrRLzqYUf',
      'webhook-timestamp': '1731705121',
      'webhook-signature': 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    });
  });

  it('is signed with each secret, so that a receiver with any of them takes it', () => {
    const body = '{"name":"Ünïted"}';
    const headers = signMessage({ id: 'x1.forward', body, secrets: [SECRET, OTHER] }, Date.now());
    for (const secret of [SECRET, OTHER]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    const signed = `x1.forward.${headers['webhook-timestamp']}.${body}`;
    const mac = createHmac('sha256', Buffer.alloc(64, 7)).update(signed).digest('base64');
    expect(headers['webhook-signature'].split(' ')[1]).toBe(`v1,${mac}`);
  });
});

describe('a secret', () => {
  it.each([
    [SECRET, true],
    [OTHER, true],
    [`whsec_${Buffer.alloc(32).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(15).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(70).toString('base64')}`, false],
    [SECRET.slice('whsec_'.length), false],
    [`${SECRET}x`, false],
    ['whsec_', false],
    ['', false],
  ])('%s has the right form: %s', (secret, isRight) => {
    expect(SECRET_PATTERN.test(secret)).toBe(isRight);
  });
});
