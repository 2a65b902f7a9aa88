/** What people type to run a command: in a checkout, whose programs are TypeScript, or where the package is installed. */
export const XW = import.meta.filename.endsWith('.ts') ? 'npx pnpm@12 xw' : 'npx xero-webhooks';
