import { describe, expect, it } from 'vitest';
import { hasModuleSyntax } from './has-module-syntax.ts';

describe('module syntax', () => {
  it.each([
    ['import', `import fs from 'node:fs';`],
    ['import for its effect', `import './more.js';`],
    ['export', 'const a = 1;\nexport { a };'],
    ['export default', 'export default () => {};'],
    ['import.meta', 'console.log(import.meta.url);'],
    ['an await outside functions', 'await 1;'],
    ['an await outside functions, then an import', `await 1;\nimport 'node:fs';`],
    ['a for await outside functions', 'for await (const a of []) { a; }'],
    ['a shebang before it', '#!/usr/bin/env node\nawait 1;'],
    ['a name of CommonJS declared before it', 'const module = 1;\nconst require = 2;\nexport { module, require };'],
  ])('is found: %s', (_what, source) => {
    expect(hasModuleSyntax(source, false)).toBe(true);
    expect(hasModuleSyntax(`type A = string;\nconst b = (a: A): A => a;\n${source.replace(/^#!.*\n/, '')}`, true)).toBe(
      true,
    );
  });

  it.each([
    ['nothing', ''],
    ['require', `const fs = require('node:fs');\nmodule.exports = () => fs;`],
    ['a dynamic import', `module.exports = () => import('node:fs');`],
    ['a return outside functions', 'if (module) return;'],
    ['an await in an asynchronous function', 'module.exports = async () => { await 1; };'],
    ['an await in a function that is not asynchronous', 'module.exports = () => { await 1; };'],
    ['a call of a function named await', 'function await(a) {}\nawait (1);'],
    ['a text and a comment that look like it', '// import a from "a";\nmodule.exports = `\nexport default 1;\n`;'],
    ['a syntax error', 'const a = ;'],
    ['a syntax error before it', 'const a = ;\nexport { a };'],
    ['a name of CommonJS declared', 'const require = 1;'],
  ])('is not found: %s', (_what, source) => {
    expect(hasModuleSyntax(source, false)).toBe(false);
    expect(hasModuleSyntax(`type A = string;\n${source}`, true)).toBe(false);
  });

  it('is not what is left out with the types', () => {
    const source = `import type { Register } from 'handlers';\nimport { type A } from 'a';\nexport type B = A;\n`;
    expect(hasModuleSyntax(source.replace(/^import \{.*\n/m, ''), true)).toBe(false);
    expect(hasModuleSyntax(source, true)).toBe(true);
  });

  it('is not looked for in TypeScript that Node cannot strip', () => {
    expect(hasModuleSyntax('enum A { B }\nexport { A };', true)).toBe(false);
  });
});
