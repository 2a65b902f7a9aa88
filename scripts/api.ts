import { join } from 'node:path';
import { buildTypes } from './pack/build-types.ts';
import { PACKAGE, subpaths } from './pack/published-manifest.ts';

const root = join(import.meta.dirname, '..');

// What a change does to the package's interface shows in its diff: a test holds these files against the package.
await buildTypes({ root, outDir: join(root, PACKAGE, 'api'), entries: subpaths(root) });
