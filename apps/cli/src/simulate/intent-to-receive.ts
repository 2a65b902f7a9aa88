import { signedHeaders, spoilSignature, xeroBody } from '@xero-webhooks/fake-xero';
import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { Reply } from './send.ts';
import { expectAnswers, send } from './send.ts';
import type { Target } from './target.ts';

/** One request of the check, and what was wrong with its answer, in the words of Xero's portal where it has some. */
export type Probe = {
  readonly signature: 'good' | 'bad';
  readonly status: Reply['status'];
  readonly ms: number;
  readonly faults: readonly string[];
};

/** In one write-up Xero sent three bad ones and a good one. */
const PROBES = ['bad', 'good', 'bad', 'bad'] as const;

/**
 * Runs Xero's check of the intent to receive against an endpoint. It passes where no probe has a fault.
 *
 * @throws CodedError `XW_UNREACHABLE` where nothing answers there
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
