/** What one check of an endpoint found. `warning`: Xero would accept it. `skipped`: another fault hides it. */
export type Check = {
  /** For scripts: it does not change. */
  readonly id: CheckId;
  /** What a good endpoint does. */
  readonly title: string;
  readonly result: 'ok' | 'failed' | 'warning' | 'skipped';
  /** What came back. */
  readonly found: string;
  /** What to change; empty where nothing has to be. */
  readonly fix: string;
  /** Where Xero says so. */
  readonly rule: string;
};

const GUIDE = 'https://developer.xero.com/documentation/guides/webhooks';
const INTENT = `${GUIDE}/configuring-your-server/#intent-to-receive`;
const SIGNATURE = `${GUIDE}/configuring-your-server/#verify-the-signature`;

/** All checks, in the order in which they are reported. */
export const CHECKS = {
  reachable: { title: 'answers at all', rule: INTENT },
  certificate: { title: 'has HTTPS with a certificate that is trusted', rule: INTENT },
  'accepts-signed': { title: 'accepts a signed request with 200', rule: INTENT },
  'raw-body': { title: 'verifies the raw bytes of the body', rule: SIGNATURE },
  'key-as-text': { title: 'takes the webhook key as text', rule: SIGNATURE },
  'status-401': { title: 'refuses with status 401', rule: INTENT },
  'refuses-unsigned': { title: 'refuses a request without a signature', rule: INTENT },
  'refuses-other-key': { title: 'refuses a signature made with another key', rule: INTENT },
  'refuses-other-body': { title: 'refuses the signature of another body', rule: INTENT },
  'refuses-replaced': { title: 'refuses a signature with a character replaced by "/"', rule: INTENT },
  'refuses-slash': { title: 'refuses a signature with a "/" added or left out', rule: SIGNATURE },
  'refuses-case': { title: 'refuses a signature in another case', rule: SIGNATURE },
  'refuses-truncated': { title: 'refuses the beginning of a signature', rule: SIGNATURE },
  'refuses-extended': { title: 'refuses a signature with more behind it', rule: SIGNATURE },
  'empty-body': { title: 'answers without a body', rule: INTENT },
  'no-cookies': { title: 'answers without cookies', rule: INTENT },
  'no-redirect': { title: 'answers itself, without a redirect', rule: INTENT },
  'in-time': { title: 'answers within 5 seconds', rule: INTENT },
} as const satisfies Record<string, Pick<Check, 'title' | 'rule'>>;

export type CheckId = keyof typeof CHECKS;

/** @param fix empty for what is as it has to be */
export function check(id: CheckId, result: Check['result'], found: string, fix = ''): Check {
  const { title, rule } = CHECKS[id];
  return { id, title, result, found, fix, rule };
}
