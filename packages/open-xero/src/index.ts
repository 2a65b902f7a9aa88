export { openReader } from './open-reader.ts';
export type { OpenReader } from './open-reader.ts';
export { openXero } from './open-xero.ts';
export type { OpenXeroOptions, Xero } from './open-xero.ts';
