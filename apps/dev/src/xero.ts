type Environment = Readonly<Record<string, string | undefined>>;

/** Each tells where the worker gets its tokens. None is a secret, so none has a form with `_FILE`. */
const VARIABLES = ['XERO_CLIENT_ID', 'XERO_TOKEN_URL', 'XERO_FAKE_URL'] as const;

/** The variable that selects the Xero to read from. Without one, the fake Xero is used. */
export function xeroVariable(environment: Environment): (typeof VARIABLES)[number] | undefined {
  return VARIABLES.find((name) => environment[name]?.trim());
}
