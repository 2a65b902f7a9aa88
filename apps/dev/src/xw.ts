/** What people type to run `xw` in a checkout. */
export const XW = 'npx pnpm@12 xw';
