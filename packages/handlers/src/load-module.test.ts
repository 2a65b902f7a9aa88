import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';

type Loaded =
  | { loaded: true; handlers: string[]; events: string[]; unknownNames: string[]; late: string }
  | { loaded: false; name: string; code: string; message: string; cause: boolean };

/**
 * Loads a module in a process of its own: here, vitest would load it in its own way, and never as Node does.
 * Timers are mocked: time passes only where a module lets it.
 */
const PROGRAM = `
  import { mock } from 'node:test';
  const [library, file, folder] = process.argv.slice(1);
  const { loadHandlerModule } = await import(library);
  mock.timers.enable({ apis: ['setTimeout'] });
  const refusalOf = (call) => {
    try {
      call();
    } catch (error) {
      return error.code;
    }
  };
  const result = await loadHandlerModule(file, folder).then(
    async ({ registry, close }) => {
      await close();
      const { handlers, unknownNames } = registry;
      return {
        loaded: true,
        handlers: handlers.map(({ name }) => name),
        events: handlers.flatMap(({ events }) => events),
        unknownNames,
        late: refusalOf(() => registry.on('*', function late() {})),
      };
    },
    (error) => {
      const { name, code, message } = error;
      return { loaded: false, name, code, message, cause: 'cause' in error };
    },
  );
  process.stdout.write(JSON.stringify(result), () => process.exit());
`;

async function load(file: string, folder: string): Promise<Loaded> {
  const library = new URL('load-module.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, library, file, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === '') throw new Error(`the process said nothing but:\n${complaints}`);
  return JSON.parse(output) as Loaded;
}

/** Writes files into a folder of their own, far from any package.json but those among them. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'xw-module-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Why a module does not load, with `<folder>` for where it is. */
async function faultOf(
  files: Readonly<Record<string, string>>,
  file = Object.keys(files)[0]!,
): Promise<Loaded & { loaded: false }> {
  const folder = folderWith(files);
  const result = await load(file, folder);
  if (result.loaded) throw new Error(`${file} was loaded`);
  return { ...result, message: result.message.replaceAll(folder, '<folder>') };
}

const COMMONJS = '{ "name": "mine", "type": "commonjs" }';
const WRITE_DEFAULT = `write "export default async (on) => { on('invoice.updated', …) }"`;
const WRITE_EXPORTS = `write "module.exports = async (on) => { on('invoice.updated', …) }"`;

const typescript = `
import type { Register } from '@xero-webhooks/handlers';
const register: Register = async (on) => {
  on('invoice.updated', async function record(event, context): Promise<void> {});
};
export default register;
`;
const commonJsTypescript = `
import type { Register } from '@xero-webhooks/handlers';
const { basename }: { basename: (path: string) => string } = require('node:path');
const register: Register = (on) => {
  on('invoice.updated', { name: basename('/a/record') }, () => {});
};
module.exports = register;
`;
const module = `export default (on) => { on('invoice.updated', function record() {}); };`;
const commonJs = `module.exports = (on) => { on('invoice.updated', function record() {}); };`;
const transpiled = `
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.default = register;
function register(on) { on('invoice.updated', function record() {}); }
`;

describe('a handler module is loaded', () => {
  it.each([
    ['in TypeScript, in a folder without package.json', 'handlers.ts', { 'handlers.ts': typescript }],
    [
      'in TypeScript, beside a package.json without a type',
      'handlers.ts',
      { 'handlers.ts': typescript, 'package.json': '{}' },
    ],
    ['in .mts, in a CommonJS package', 'handlers.mts', { 'handlers.mts': typescript, 'package.json': COMMONJS }],
    ['in .mjs, in a CommonJS package', 'handlers.mjs', { 'handlers.mjs': module, 'package.json': COMMONJS }],
    ['in .js, in a folder without package.json', 'handlers.js', { 'handlers.js': module }],
    ['in .cjs', 'handlers.cjs', { 'handlers.cjs': commonJs }],
    ['in .js, in a CommonJS package', 'handlers.js', { 'handlers.js': commonJs, 'package.json': COMMONJS }],
    [
      'in .ts with require, in a CommonJS package',
      'handlers.ts',
      { 'handlers.ts': commonJsTypescript, 'package.json': COMMONJS },
    ],
    [
      'in .ts with export, in a CommonJS package',
      'src/index.ts',
      { 'src/index.ts': typescript, 'package.json': COMMONJS },
    ],
    [
      'in .js with import, in a CommonJS package',
      'index.js',
      { 'index.js': `import 'node:fs';\n${module}`, 'package.json': COMMONJS },
    ],
    [
      'in .js, in a CommonJS package, with a path that is encoded in URLs',
      'a b#?%20.js',
      { 'a b#?%20.js': module, 'package.json': COMMONJS },
    ],
    [
      'in .ts, below a CommonJS package, with files of its own of both kinds',
      'src/index.ts',
      {
        'src/index.ts': `import more from './more/more.ts';\nimport old from './old.js';\nexport default old(more);`,
        'src/more/more.ts': typescript,
        'src/old.js': `const { name } = require('./newer.ts');\nmodule.exports = (value) => name && value;`,
        'src/newer.ts': `export const name: string = 'newer';`,
        'package.json': COMMONJS,
      },
    ],
    [
      'that imports more only when it registers',
      'index.js',
      {
        'index.js': `export default async (on) => (await import('./more.ts')).default(on);`,
        'more.ts': typescript,
        'package.json': COMMONJS,
      },
    ],
    [
      'with an await outside functions, in a CommonJS package',
      'index.js',
      {
        'index.js': `const register = await Promise.resolve((await import('./more.ts')).default);\nexport { register as default };`,
        'more.ts': typescript,
        'package.json': COMMONJS,
      },
    ],
    ['compiled to CommonJS', 'handlers.cjs', { 'handlers.cjs': transpiled }],
    [
      'compiled to CommonJS in .js, in a CommonJS package',
      'handlers.js',
      { 'handlers.js': transpiled, 'package.json': COMMONJS },
    ],
    [
      'compiled to CommonJS, its default in a default',
      'handlers.cjs',
      { 'handlers.cjs': transpiled.replace('exports.default = register', 'exports.default = { default: register }') },
    ],
    [
      'in a folder with a space and a percent sign',
      'my 100% own/handlers.ts',
      { 'my 100% own/handlers.ts': typescript },
    ],
    [
      'with files of its own',
      'handlers.ts',
      { 'handlers.ts': `export { default } from './more.ts';`, 'more.ts': typescript },
    ],
  ])('%s', async (_what, file, files) => {
    expect(await load(file, folderWith(files))).toEqual({
      loaded: true,
      handlers: ['record'],
      events: ['invoice.updated'],
      unknownNames: [],
      late: 'XW_HANDLERS_LATE',
    });
  });

  it('from an absolute path, wherever the process works', async () => {
    const folder = folderWith({ 'handlers.ts': typescript });
    expect(await load(join(folder, 'handlers.ts'), '/')).toMatchObject({ loaded: true, handlers: ['record'] });
  });

  it('with no handlers, and with unknown names', async () => {
    expect(await load('none.ts', folderWith({ 'none.ts': 'export default () => {};' }))).toMatchObject({
      loaded: true,
      handlers: [],
    });
    const text_ = `export default (on) => on('payrun.approve', function record() {});`;
    expect(await load('some.ts', folderWith({ 'some.ts': text_ }))).toMatchObject({ unknownNames: ['payrun.approve'] });
  });

  it.each([
    ['a function', 'return () => writeFileSync(file, "closed");'],
    ['an asynchronous function', 'return async () => { await undefined; writeFileSync(file, "closed"); };'],
  ])('and closes with %s that it returned', async (_what, cleanup) => {
    const folder = folderWith({
      'handlers.ts': `
        import { writeFileSync } from 'node:fs';
        const file = new URL('trace', import.meta.url);
        export default async () => { writeFileSync(file, 'registered'); ${cleanup} };
      `,
    });
    expect(await load('handlers.ts', folder)).toMatchObject({ loaded: true });
    expect(readFileSync(join(folder, 'trace'), 'utf8')).toBe('closed');
  });

  it('and closes with nothing to do where it returned something else', async () => {
    const folder = folderWith({ 'handlers.ts': 'export default () => 5;' });
    expect(await load('handlers.ts', folder)).toMatchObject({ loaded: true });
  });
});

describe('HANDLERS is refused', () => {
  it.each([
    [
      'nothing',
      'handlers.ts',
      {},
      '<folder>/handlers.ts, but there is no such file: expected the path of a handler module',
    ],
    [
      'something below a file',
      'handlers.ts/more.ts',
      { 'handlers.ts': typescript },
      '<folder>/handlers.ts/more.ts, but there is no such file: expected the path of a handler module',
    ],
    [
      'a folder',
      'handlers',
      { 'handlers/index.ts': typescript },
      '<folder>/handlers, which is a folder: expected the path of a handler module, such as <folder>/handlers/index.ts',
    ],
    [
      'a file with another ending',
      'handlers.json',
      { 'handlers.json': '{}' },
      '<folder>/handlers.json: expected a file that ends in .ts, .mts, .js, .mjs, .cjs',
    ],
    [
      'a file with no ending',
      'handlers',
      { handlers: module },
      '<folder>/handlers: expected a file that ends in .ts, .mts, .js, .mjs, .cjs',
    ],
  ])('where it names %s', async (_what, file, files, message) => {
    expect(await faultOf(files, file)).toEqual({
      loaded: false,
      name: 'HandlersError',
      code: 'XW_HANDLERS_MISSING',
      message: `HANDLERS names ${message}`,
      cause: false,
    });
  });
});

describe('a handler module is refused where it', () => {
  const cases: [what: string, files: Record<string, string>, message: string][] = [
    [
      'throws while it is loaded',
      { 'handlers.ts': `\nthrow new Error('no database');` },
      '<folder>/handlers.ts failed to load: Error: no database (<folder>/handlers.ts:2:7)',
    ],
    [
      'throws several lines',
      { 'handlers.ts': `throw new TypeError('no database\\n    at (/nowhere:1:1)\\r\\n  and no cache');` },
      '<folder>/handlers.ts failed to load: TypeError: no database at (/nowhere:1:1) and no cache (<folder>/handlers.ts:1:7)',
    ],
    [
      'throws in a folder with a space',
      { 'my own/handlers.cjs': `throw new Error('no database');` },
      '<folder>/my own/handlers.cjs failed to load: Error: no database (<folder>/my own/handlers.cjs:1:7)',
    ],
    [
      'throws in a folder whose name is encoded in URLs',
      { 'my 100% own/handlers.ts': `throw new Error('no database');` },
      '<folder>/my 100% own/handlers.ts failed to load: Error: no database (<folder>/my 100% own/handlers.ts:1:7)',
    ],
    [
      'imports a file that throws',
      { 'handlers.ts': `import './more.ts';`, 'more.ts': `throw new Error('no database');` },
      '<folder>/handlers.ts failed to load: Error: no database (<folder>/more.ts:1:7)',
    ],
    [
      'throws in a package that it uses',
      {
        'handlers.ts': `import connect from 'database';\nconnect();\nexport default () => {};`,
        'node_modules/database/package.json': '{ "type": "module", "exports": "./index.js" }',
        'node_modules/database/index.js': `export default () => { throw new Error('no database'); };`,
      },
      '<folder>/handlers.ts failed to load: Error: no database (<folder>/handlers.ts:2:1)',
    ],
    [
      'throws in a part of Node',
      { 'handlers.ts': `import { readFileSync } from 'node:fs';\nreadFileSync('/nowhere');\nexport default () => {};` },
      `<folder>/handlers.ts failed to load: Error: ENOENT: no such file or directory, open '/nowhere' (<folder>/handlers.ts:2:1)`,
    ],
    [
      'throws undefined',
      { 'handlers.ts': `throw undefined;` },
      '<folder>/handlers.ts failed to load: it threw undefined; find what throws it in <folder>/handlers.ts',
    ],
    [
      'throws what cannot be shown',
      { 'handlers.ts': `throw { toJSON() { throw new Error('no'); } };` },
      '<folder>/handlers.ts failed to load: it threw something that cannot be shown; find what throws it in <folder>/handlers.ts',
    ],
    [
      'has a default export that throws',
      { 'handlers.ts': `export default () => {\n  throw new Error('no database');\n};` },
      'the default export of <folder>/handlers.ts failed: Error: no database (<folder>/handlers.ts:2:9)',
    ],
    [
      'has a default export that rejects',
      { 'handlers.ts': `export default async () => {\n  throw new Error('no database');\n};` },
      'the default export of <folder>/handlers.ts failed: Error: no database (<folder>/handlers.ts:2:9)',
    ],
    [
      'has a default export that rejects without saying where',
      { 'handlers.ts': `import { readFile } from 'node:fs/promises';\nexport default () => readFile('/nowhere');` },
      `the default export of <folder>/handlers.ts failed: Error: ENOENT: no such file or directory, open '/nowhere'; find what throws it in <folder>/handlers.ts`,
    ],
    [
      'has a default export that rejects with a text',
      { 'handlers.ts': `export default async () => { throw 'no database'; };` },
      'the default export of <folder>/handlers.ts failed: it threw no database; find what throws it in <folder>/handlers.ts',
    ],
    [
      'has an enum',
      { 'handlers.ts': `\nenum Kind { A, B }\nexport default () => {};` },
      '<folder>/handlers.ts failed to load: SyntaxError: TypeScript enum is not supported in strip-only mode (<folder>/handlers.ts:2); use only syntax that Node can strip (no enums, namespaces or parameter properties), or point HANDLERS at the compiled file',
    ],
    [
      'has a syntax error in TypeScript',
      { 'handlers.ts': `export default () => {\n  const a = ;\n};` },
      '<folder>/handlers.ts failed to load: SyntaxError: Expression expected (<folder>/handlers.ts:2); fix it there',
    ],
    [
      'imports a file with a syntax error',
      { 'handlers.ts': `import './more.ts';`, 'more.ts': `export const a = ;` },
      '<folder>/handlers.ts failed to load: SyntaxError: Expression expected (<folder>/more.ts:1); fix it there',
    ],
    [
      'has a syntax error in CommonJS',
      { 'handlers.cjs': `module.exports = () => {\n  const a = ;\n};` },
      `<folder>/handlers.cjs failed to load: SyntaxError: Unexpected token ';' (<folder>/handlers.cjs:2); fix it there`,
    ],
    [
      'has a syntax error of which Node does not say where it is',
      { 'handlers.mjs': `export default () => {\n  const a = ;\n};` },
      `<folder>/handlers.mjs failed to load: SyntaxError: Unexpected token ';'; run "node --check" on <folder>/handlers.mjs, and on what it imports, to see where`,
    ],
    [
      'awaits in a function that is not asynchronous',
      { 'handlers.mjs': `export default () => { await on; };` },
      '<folder>/handlers.mjs failed to load: SyntaxError: Unexpected reserved word; run "node --check" on <folder>/handlers.mjs, and on what it imports, to see where',
    ],
    [
      'has a syntax error, in a CommonJS package',
      { 'handlers.js': `import 'node:fs';\nexport default () => {\n  const a = ;\n};`, 'package.json': COMMONJS },
      `<folder>/handlers.js failed to load: SyntaxError: Unexpected token ';'; run "node --check" on <folder>/handlers.js, and on what it imports, to see where`,
    ],
    [
      'has a syntax error before its module syntax, in a CommonJS package',
      { 'handlers.js': `const a = ;\nexport default () => {};`, 'package.json': COMMONJS },
      `<folder>/handlers.js failed to load: SyntaxError: Unexpected token ';' (<folder>/handlers.js:1); fix it there`,
    ],
    [
      'has an enum, in a CommonJS package',
      { 'handlers.ts': `export enum Kind { A, B }\nexport default () => {};`, 'package.json': COMMONJS },
      '<folder>/handlers.ts failed to load: SyntaxError: TypeScript enum is not supported in strip-only mode (<folder>/handlers.ts:1); use only syntax that Node can strip (no enums, namespaces or parameter properties), or point HANDLERS at the compiled file',
    ],
    [
      'needs what only CommonJS has beside import',
      { 'handlers.ts': `import 'node:fs';\nexport default () => __dirname;`, 'package.json': COMMONJS },
      'the default export of <folder>/handlers.ts failed: ReferenceError: __dirname is not defined (<folder>/handlers.ts:2:22); a file with import or export is an ES module, which does not have __dirname: write import.meta.dirname instead',
    ],
    [
      'requires an ES module with await outside functions',
      { 'handlers.cjs': `require('./more.js');`, 'more.js': 'await 1;\nexport {};', 'package.json': COMMONJS },
      '<folder>/handlers.cjs failed to load: Error: require() cannot be used on an ESM graph with top-level await (<folder>/more.js); write "await import()" instead of require, or remove that await',
    ],
    [
      'has export in .cjs',
      { 'handlers.cjs': module },
      `<folder>/handlers.cjs failed to load: SyntaxError: Unexpected token 'export' (<folder>/handlers.cjs:1); a file in .cjs is CommonJS: rename it to end in .mjs`,
    ],
    [
      'imports a package that says it is CommonJS and is not',
      {
        'handlers.ts': `import 'orders';\nexport default () => {};`,
        'node_modules/orders/package.json': '{ "type": "commonjs", "main": "index.js" }',
        'node_modules/orders/index.js': 'export const a = 1;',
      },
      `<folder>/handlers.ts failed to load: SyntaxError: Unexpected token 'export' (<folder>/node_modules/orders/index.js:1); install another version of that package`,
    ],
    [
      'imports a file that is not there',
      { 'handlers.ts': `import './gone.ts';\nexport default () => {};` },
      `<folder>/handlers.ts failed to load: Error: Cannot find module '<folder>/gone.ts' imported from <folder>/handlers.ts; write the full file name in the import, with its extension, as in "./orders.ts"`,
    ],
    [
      'imports a file without its ending',
      { 'handlers.ts': `import './more';\nexport default () => {};`, 'more.ts': 'export {};' },
      `<folder>/handlers.ts failed to load: Error: Cannot find module '<folder>/more' imported from <folder>/handlers.ts; write the full file name in the import, with its extension, as in "./orders.ts"`,
    ],
    [
      'imports a folder',
      { 'handlers.ts': `import './more';\nexport default () => {};`, 'more/index.ts': 'export {};' },
      `<folder>/handlers.ts failed to load: Error: Directory import '<folder>/more' is not supported resolving ES modules imported from <folder>/handlers.ts; write the full file name in the import, with its extension, as in "./orders.ts"`,
    ],
    [
      'requires a file that is not there',
      { 'handlers.cjs': `require('./gone.cjs');` },
      `<folder>/handlers.cjs failed to load: Error: Cannot find module './gone.cjs' imported from <folder>/handlers.cjs; write the full file name in the import, with its extension, as in "./orders.ts"`,
    ],
    [
      'imports a package that is not installed',
      { 'handlers.ts': `import mysql2 from 'mysql2';\nexport default () => {};` },
      `<folder>/handlers.ts failed to load: Error: Cannot find package 'mysql2' imported from <folder>/handlers.ts; run npm install for that package in the folder of this file`,
    ],
    [
      'requires a package that is not installed',
      { 'handlers.cjs': `require('mysql2');` },
      `<folder>/handlers.cjs failed to load: Error: Cannot find module 'mysql2' imported from <folder>/handlers.cjs; run npm install for that package in the folder of this file`,
    ],
    [
      'imports a package when it registers',
      { 'handlers.ts': `export default async () => { await import('mysql2'); };` },
      `the default export of <folder>/handlers.ts failed: Error: Cannot find package 'mysql2' imported from <folder>/handlers.ts; run npm install for that package in the folder of this file`,
    ],
    [
      'imports a type as if it were a value',
      {
        'handlers.ts': `import { Order } from './order.ts';\nexport default (order: Order) => {};`,
        'order.ts': 'export type Order = string;',
      },
      `<folder>/handlers.ts failed to load: SyntaxError: The requested module './order.ts' does not provide an export named 'Order' (<folder>/handlers.ts:1); check that name, or write "import type" if it is a type`,
    ],
    [
      'imports JSON without saying so',
      { 'handlers.ts': `import more from './more.json';\nexport default () => {};`, 'more.json': '{}' },
      `<folder>/handlers.ts failed to load: TypeError: Module "file://<folder>/more.json" needs an import attribute of "type: json"; end that import with { type: 'json' }`,
    ],
    [
      'imports TypeScript from a package',
      {
        'handlers.ts': `import 'orders';\nexport default () => {};`,
        'node_modules/orders/package.json': '{ "type": "module", "exports": "./index.ts" }',
        'node_modules/orders/index.ts': 'export const a: number = 1;',
      },
      '<folder>/handlers.ts failed to load: Error: Stripping types is currently unsupported for files under node_modules, for "file://<folder>/node_modules/orders/index.ts"; import the built JavaScript of that package',
    ],
    [
      'stands beside a package.json that cannot be read',
      { 'handlers.ts': typescript, 'package.json': '{ "type": ' },
      '<folder>/handlers.ts failed to load: Error: Invalid package config <folder>/package.json; fix that file',
    ],
  ];

  it.each(cases)('%s', async (_what, files, message) => {
    expect(await faultOf(files)).toEqual({
      loaded: false,
      name: 'HandlersError',
      code: 'XW_HANDLERS_LOAD',
      message,
      cause: true,
    });
  });

  const defaults: [what: string, files: Record<string, string>, message: string][] = [
    [
      'has no default export',
      { 'handlers.ts': 'export const more = 1, register = () => {};' },
      'has no default export; it exports more, register',
    ],
    ['exports nothing', { 'handlers.ts': 'export {};' }, 'exports nothing'],
    ['is empty', { 'handlers.js': '' }, 'exports nothing'],
    ['exports types alone', { 'handlers.ts': 'export type Order = string;' }, 'exports nothing'],
    [
      'has an object for a default',
      { 'handlers.ts': 'export default { register() {} };' },
      'must export a function by default (got an object)',
    ],
    [
      'has null for a default',
      { 'handlers.ts': 'export default null;' },
      'must export a function by default (got null)',
    ],
    [
      'has a text for a default',
      { 'handlers.ts': `export default 'register';` },
      'must export a function by default (got a string)',
    ],
    [
      'has a class for a default',
      { 'handlers.ts': 'export default class Handlers {}' },
      'must export a function by default (got a class)',
    ],
    [
      'has a promise for a default',
      { 'handlers.ts': 'export default (async () => {})();' },
      'must export a function by default (got an object)',
    ],
    [
      'has exports without a default, compiled to CommonJS',
      { 'handlers.js': 'Object.defineProperty(exports, "__esModule", { value: true });\nexports.register = () => {};' },
      'has no default export; it exports register',
    ],
  ];

  it.each(defaults)('%s', async (_what, files, message) => {
    const [file] = Object.keys(files);
    expect(await faultOf(files)).toEqual({
      loaded: false,
      name: 'HandlersError',
      code: 'XW_HANDLERS_DEFAULT',
      message: `<folder>/${file} ${message}: ${WRITE_DEFAULT}`,
      cause: false,
    });
  });

  it('exports no function in .cjs, where export cannot be written', async () => {
    expect(await faultOf({ 'handlers.cjs': 'exports.register = () => {};' })).toMatchObject({
      code: 'XW_HANDLERS_DEFAULT',
      message: `<folder>/handlers.cjs has no default export; it exports register: ${WRITE_EXPORTS}`,
    });
  });

  it.each([
    [
      'XW_HANDLERS_EVENT',
      `on('invoices.created', function record() {})`,
      'unknown event "invoices.created": did you mean invoice.created?',
    ],
    ['XW_HANDLERS_NAME', `on('*', () => {})`, 'a handler of * has no name: use'],
    [
      'XW_HANDLERS_NAME_TAKEN',
      `on('*', function record() {}); on('*', function record() {})`,
      'two handlers are named "record": name one',
    ],
    ['XW_HANDLERS_FUNCTION', `on('*')`, `on('*') needs a function`],
    ['XW_HANDLERS_TIMEOUT', `on('*', { timeoutMs: 0 }, function record() {})`, 'timeoutMs of handler "record" must be'],
  ])('registers what the registry refuses with %s', async (code, statement, message) => {
    for (const how of ['', 'async ']) {
      const fault = await faultOf({ 'handlers.mjs': `export default ${how}(on) => { ${statement}; };` });
      expect(fault).toMatchObject({ name: 'HandlersError', code, cause: true });
      expect(fault.message).toContain(`<folder>/handlers.mjs: ${message}`);
      expect(fault.message).not.toContain('\n');
    }
  });

  it.each([
    ['awaits for ever while it is loaded', 'await forEver();\nexport default () => {};'],
    ['has a default export that never returns', 'export default () => forEver();'],
  ])('%s', async (_what, content) => {
    const forEver = `
      import { mock } from 'node:test';
      function forEver() {
        setImmediate(() => mock.timers.tick(30_000));
        return new Promise(() => {});
      }
    `;
    expect(await faultOf({ 'handlers.mjs': `${forEver}${content}` })).toEqual({
      loaded: false,
      name: 'HandlersError',
      code: 'XW_HANDLERS_LOAD',
      message: '<folder>/handlers.mjs did not load within 30 s: look for an await that never resolves',
      cause: false,
    });
  });
});
