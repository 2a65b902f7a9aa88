export { xeroAppVariables, xeroLoginVariables, xeroReadVariables } from './config.ts';
export type { TokenAnswer, TokenSource } from './tokens/token-source.ts';
