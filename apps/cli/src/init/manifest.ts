import cli from '../../package.json' with { type: 'json' };

/** What is of interest in a package.json. */
export type Manifest = {
  name?: string;
  type?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  [other: string]: unknown;
};

export type Language = 'typescript' | 'javascript';

/** What checks the types of a project. */
const TYPESCRIPT = { '@types/node': '^22.20.0', typescript: '^7.0.2' };

/** What `npm init` writes as the test. */
const NO_TEST = /no test specified/;

/** Fields of a package.json that `npm install` alone makes. */
const FIELDS_OF_INSTALL = new Set(['dependencies', 'devDependencies', 'packageManager']);

/**
 * The package.json of the project: what is there stays, and what is missing is added.
 *
 * @param folder the name of the project's folder
 */
export function completeManifest(before: Manifest | undefined, folder: string, language: Language): Manifest {
  const { name = nameFor(folder), type, scripts = {}, dependencies = {}, devDependencies, ...others } = before ?? {};
  // Who has written code already may have written CommonJS, which a type would break.
  const isNew = Object.keys(before ?? {}).every((field) => FIELDS_OF_INSTALL.has(field));
  const types = language === 'typescript' ? TYPESCRIPT : {};
  const withTypes = { ...types, ...devDependencies };
  const { test, ...otherScripts } = scripts;
  return {
    name,
    ...(isNew ? { private: true, type: 'module', engines: cli.engines } : type === undefined ? {} : { type }),
    ...others,
    scripts: {
      start: 'xero-webhooks dev',
      ...otherScripts,
      test: test === undefined || NO_TEST.test(test) ? 'node --test' : test,
      ...(language === 'typescript' && otherScripts['check'] === undefined ? { check: 'tsc' } : {}),
    },
    dependencies: { 'xero-webhooks': `^${cli.version}`, ...dependencies },
    ...(Object.keys(withTypes).length > 0 ? { devDependencies: withTypes } : {}),
  };
}

/** As npm wants names to be (https://docs.npmjs.com/cli/configuring-npm/package-json#name). */
function nameFor(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name || 'xero-handlers';
}
