import type { NextConfig } from 'next';

// It reads files that lie beside its code, which a bundle does not have.
const config: NextConfig = { serverExternalPackages: ['xero-webhooks'] };

export default config;
