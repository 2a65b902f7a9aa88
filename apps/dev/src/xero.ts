type Environment = Readonly<Record<string, string | undefined>>;

/** Each says where the worker gets its tokens. None of them has a form with `_FILE`, as none is a secret. */
const VARIABLES = ['XERO_CLIENT_ID', 'XERO_TOKEN_URL', 'XERO_FAKE_URL'] as const;

/** The variable that says which Xero is to be read. Without one, a fake Xero stands in. */
export function xeroVariable(environment: Environment): (typeof VARIABLES)[number] | undefined {
  return VARIABLES.find((name) => environment[name]?.trim());
}
