import { signedHeaders, spoilSignature, xeroBody } from '@xero-webhooks/fake-xero';
import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { Reply } from './send.ts';
import { expectAnswers, send } from './send.ts';
import type { Target } from './target.ts';

/** One request of the check. Its faults are worded as in Xero's portal where possible. */
export type Probe = {
  readonly signature: 'good' | 'bad';
  readonly status: Reply['status'];
  readonly ms: number;
  readonly faults: readonly string[];
};

/** As in one write-up: three invalid signatures and a valid one. */
const PROBES = ['bad', 'good', 'bad', 'bad'] as const;

/**
 * Runs Xero's check of the intent to receive against an endpoint. It passes if no probe has a fault.
 *
 * @throws CodedError `XW_UNREACHABLE` if nothing answers there
 */
export async function probeIntentToReceive({ url, key }: Target): Promise<Probe[]> {
  const probes: Probe[] = [];
  const replies: Reply[] = [];
  for (const signature of PROBES) {
    const body = xeroBody([], 0);
    const headers = signedHeaders(body, key);
    if (signature === 'bad') headers[SIGNATURE_HEADER] = spoilSignature(headers[SIGNATURE_HEADER]!);
    const reply = await send(url, body, headers);
    replies.push(reply);
    const { status, ms, faults } = reply;
    probes.push({ signature, status, ms, faults: [...statusFaults(signature, status), ...faults] });
  }
  expectAnswers(url, replies);
  return probes;
}

function statusFaults(signature: 'good' | 'bad', status: Reply['status']): string[] {
  if (signature === 'good') return status === 200 ? [] : ['Response not 200'];
  return status === 401 ? [] : ['Response to incorrectly signed payload not 401'];
}
