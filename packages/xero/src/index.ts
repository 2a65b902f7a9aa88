export { xeroAppVariables, xeroLoginVariables, xeroReadVariables } from './config.ts';
export { createGrantTokens } from './grants/grant-tokens.ts';
export type { GrantTokensOptions } from './grants/grant-tokens.ts';
export { createIdentity } from './identity/identity.ts';
export type { Identity, IdentityFault, IdentityOptions } from './identity/identity.ts';
export { createCustomConnectionTokens } from './tokens/custom-connection.ts';
export type { CustomConnectionOptions } from './tokens/custom-connection.ts';
export type { TokenAnswer, TokenSource } from './tokens/token-source.ts';
