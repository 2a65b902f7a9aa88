import { SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import { forEach } from '../simulate/groups.ts';
import type { Answer, Asked } from './ask.ts';
import { ask, PATIENCE_MS } from './ask.ts';
import type { Check, CheckId } from './check.ts';
import { check, CHECKS } from './check.ts';
import type { BadSignature, Way } from './signatures.ts';
import { badSignatures, bodyFor, rightWay, wrongWays } from './signatures.ts';

/** Xero waits this long, in milliseconds; it is worth a warning before. */
const XERO_PATIENCE_MS = 5_000;
const SLOW_MS = 2_000;

const REFUSALS = Object.keys(CHECKS).filter((id): id is CheckId => id.startsWith('refuses-'));

const COMPARE_EXACTLY =
  'compare the whole header with the base64 text of the HMAC, in constant time, and nothing of it decoded or changed';
const NOT_CHECKED = 'compute the HMAC of each request with the webhook key, and answer 401 where the header differs';

/** A request, and what came back. */
type Reply = { readonly what: string; readonly asked: Asked };

/**
 * Runs Xero's check of the intent to receive, and more of its kind, and says what is wrong with an endpoint. All that it
 * sends are checks without events.
 *
 * @param key the webhook key that the endpoint has
 * @param patienceMs how long each answer is waited for
 */
export async function examine(url: string, key: string, patienceMs: number = PATIENCE_MS): Promise<Check[]> {
  const replies: Reply[] = [];
  let checkCertificate = true;

  async function send(what: string, body: Buffer, signature: string | undefined): Promise<Asked> {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      ...(signature === undefined ? {} : { [SIGNATURE_HEADER]: signature }),
    };
    const asked = await ask(url, body, headers, { checkCertificate, patienceMs });
    replies.push({ what, asked });
    return asked;
  }

  /** Sends what the endpoint should accept if it computes signatures in this way. */
  function sendSigned(what: string, { sign }: Way, body: Buffer): Promise<Asked> {
    return send(what, body, sign(body));
  }

  const right = rightWay(key);
  let first = await sendSigned('a signed request', right, bodyFor(right));
  const certificate = certificateCheck(url, first);
  if (first.outcome === 'untrusted') {
    checkCertificate = false;
    replies.pop();
    first = await sendSigned('a signed request', right, bodyFor(right));
  }
  if (first.outcome === 'unreachable' || first.outcome === 'untrusted') {
    const fix = 'see that something listens there, and that nothing between refuses the connection';
    return complete([check('reachable', 'failed', `no answer: ${first.code}`, fix), certificate]);
  }
  if (first.outcome === 'silent') {
    const found = `no answer within ${Math.round(first.ms / 1000)} seconds`;
    return complete([
      check('reachable', 'ok', 'it takes connections'),
      certificate,
      check('in-time', 'failed', found, 'answer as soon as the event is stored, and do the work afterwards'),
    ]);
  }
  const found: Check[] = [check('reachable', 'ok', `${first.status} in ${ms(first.ms)}`), certificate];
  if (isRedirect(first)) return complete([...found, ...answerChecks(replies)]);

  const way = isAccepted(first) ? right : await findWay();
  found.push(...signedChecks(first, way));
  found.push(...(await refusalChecks(way)));
  return complete([...found, ...answerChecks(replies)]);

  async function findWay(): Promise<Way | undefined> {
    for (const wrong of wrongWays(key)) {
      // As Xero writes it: what the endpoint makes of it is the question.
      const asked = await sendSigned('a signed request', wrong, bodyFor(right));
      if (isAccepted(asked)) return wrong;
    }
    return undefined;
  }

  async function refusalChecks(accepted: Way | undefined): Promise<Check[]> {
    const used = accepted ?? right;
    const body = bodyFor(used);
    const bad = badSignatures(body, key, used);
    const asked = await forEach(bad, (one) => send(one.what, body, one.signature));
    const results = bad.map((one, index) => ({ one, asked: asked[index]! }));
    const of = (id: CheckId) => results.filter(({ one }) => one.check === id);
    // What takes any signature is one fault, not eight.
    const takesAny = of('refuses-other-key').some((result) => isAccepted(result.asked));
    const told = of('refuses-unsigned').some((result) => isAccepted(result.asked))
      ? 'refuses-unsigned'
      : 'refuses-other-key';
    const other = results.find((result) => !isRefused(result.asked) && !isAccepted(result.asked));
    const status = other
      ? check('status-401', 'failed', `${describe(other.asked)} to ${other.one.what}`, 'answer 401, with an empty body')
      : takesAny
        ? check('status-401', 'skipped', 'it accepts any signature')
        : check('status-401', 'ok', '401');
    const refusals = REFUSALS.map((id) => {
      if (takesAny && id !== told && id !== 'refuses-unsigned') return check(id, 'skipped', 'it accepts any signature');
      return refusalCheck(id, of(id), accepted !== undefined);
    });
    return [status, ...refusals];
  }
}

function refusalCheck(id: CheckId, results: readonly { one: BadSignature; asked: Asked }[], accepts: boolean): Check {
  const accepted = results.filter(({ asked }) => isAccepted(asked));
  const severe = accepted.find(({ one }) => !one.lenient);
  if (severe) {
    const isUnchecked = id === 'refuses-unsigned' || id === 'refuses-other-key' || id === 'refuses-other-body';
    return check(id, 'failed', `accepts ${severe.one.what}`, isUnchecked ? NOT_CHECKED : COMPARE_EXACTLY);
  }
  if (accepted[0]) return check(id, 'warning', `accepts ${accepted[0].one.what}`, COMPARE_EXACTLY);
  // It refuses what is right as well, so that this says nothing.
  if (!accepts) return check(id, 'skipped', 'it refuses a good signature too');
  return check(id, 'ok', 'refused');
}

/** What the answer to a signed request says of how signatures are computed. */
function signedChecks(first: Asked, way: Way | undefined): Check[] {
  const answer = describe(first);
  const wrong = way && 'check' in way ? (way as Way & { check: CheckId; why: string; fix: string }) : undefined;
  const knowsWay = way !== undefined;
  const of = (id: 'raw-body' | 'key-as-text'): Check => {
    if (wrong?.check === id) return check(id, 'failed', wrong.why, wrong.fix);
    return knowsWay
      ? check(id, 'ok', 'as it has to be')
      : check(id, 'skipped', 'it accepts no signature that was tried');
  };
  // What to change stands with the check that says why.
  const isToldBelow = wrong !== undefined && wrong.check !== 'accepts-signed';
  const fix = isToldBelow
    ? ''
    : (wrong?.fix ?? 'see that it has this webhook’s key, whole and without blanks, and answers 200');
  const accepts =
    first.outcome === 'answered' && first.status === 200
      ? check('accepts-signed', 'ok', answer)
      : check('accepts-signed', 'failed', wrong && !isToldBelow ? `${answer}: ${wrong.why}` : answer, fix);
  return [accepts, of('raw-body'), of('key-as-text')];
}

/** What all answers have in common. */
function answerChecks(replies: readonly Reply[]): Check[] {
  const answers = replies.flatMap(({ what, asked }) => (asked.outcome === 'answered' ? [{ what, asked }] : []));
  const redirect = answers.find(({ asked }) => isRedirect(asked));
  const withBody = answers.find(({ asked }) => asked.body !== '');
  const withCookies = answers.find(({ asked }) => asked.cookies);
  return [
    withBody
      ? check(
          'empty-body',
          'failed',
          `a body of ${withBody.asked.body.length} characters to ${withBody.what}`,
          'send nothing after the headers',
        )
      : check('empty-body', 'ok', 'none'),
    withCookies
      ? check('no-cookies', 'failed', `set-cookie to ${withCookies.what}`, 'leave sessions off for this path')
      : check('no-cookies', 'ok', 'none'),
    redirect
      ? check(
          'no-redirect',
          'failed',
          `${redirect.asked.status} to ${redirect.asked.location ?? 'nowhere'}`,
          'give Xero the address that it leads to',
        )
      : check('no-redirect', 'ok', 'none'),
    timeCheck(replies),
  ];
}

function timeCheck(replies: readonly Reply[]): Check {
  const times = replies.flatMap(({ asked }) => ('ms' in asked ? [asked.ms] : []));
  const slowest = Math.max(...times);
  const fix = 'answer as soon as the event is stored, and do the work afterwards';
  if (slowest > XERO_PATIENCE_MS) return check('in-time', 'failed', `the slowest took ${ms(slowest)}`, fix);
  if (slowest > SLOW_MS) return check('in-time', 'warning', `the slowest took ${ms(slowest)}`, fix);
  return check('in-time', 'ok', `the slowest took ${ms(slowest)}`);
}

function certificateCheck(url: string, first: Asked): Check {
  if (url.startsWith('http:')) {
    return check(
      'certificate',
      'warning',
      'plain HTTP',
      'Xero sends to HTTPS on port 443 alone: put a proxy before it',
    );
  }
  if (first.outcome === 'unreachable') return check('certificate', 'skipped', 'no connection');
  if (first.outcome !== 'untrusted') return check('certificate', 'ok', 'trusted');
  return check('certificate', 'failed', first.code, certificateFix(first.code));
}

function certificateFix(code: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'renew the certificate';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'get a certificate for the name in the address';
  if (code.startsWith('UNABLE_TO_')) return 'send the whole chain, intermediate certificates included';
  return 'use a certificate of a public authority';
}

/** Puts checks into their order, and in what was not looked at. */
function complete(checks: readonly Check[]): Check[] {
  const ids = Object.keys(CHECKS) as CheckId[];
  return ids.map((id) => checks.find((one) => one.id === id) ?? check(id, 'skipped', 'not looked at'));
}

function isAccepted(asked: Asked): boolean {
  return asked.outcome === 'answered' && asked.status >= 200 && asked.status < 300;
}

function isRefused(asked: Asked): boolean {
  return asked.outcome === 'answered' && asked.status === 401;
}

function isRedirect({ status }: Answer): boolean {
  return status >= 300 && status < 400;
}

function describe(asked: Asked): string {
  if (asked.outcome === 'answered') return String(asked.status);
  return asked.outcome === 'silent' ? `no answer within ${ms(asked.ms)}` : `no answer (${asked.code})`;
}

function ms(time: number): string {
  return time < 1_000 ? `${Math.round(time)} ms` : `${(time / 1_000).toFixed(1)} s`;
}
