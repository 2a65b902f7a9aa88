import { boardVariables } from '@xero-webhooks/configuration/board';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import { createHttpClient } from '@xero-webhooks/http-client';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { Environment } from '@xero-webhooks/runtime';
import { CodedError, dataFolder, loadConfig, readDevelopmentFile } from '@xero-webhooks/runtime';
import { listOrganisations } from '@xero-webhooks/xero-auth';
import { countOf } from '../count-of.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

const { ok, problem, unknown } = findingsOf('xero');
const ofOrganisations = findingsOf('organisations');

/** How long an answer is waited for, in milliseconds. */
const PATIENCE_MS = 5_000;

const MAX_BYTES = 1_000_000;

const variables = {
  XERO_CLIENT_ID: workerVariables.XERO_CLIENT_ID,
  XERO_CUSTOM_CONNECTION: workerVariables.XERO_CUSTOM_CONNECTION,
  XERO_TOKEN_URL: workerVariables.XERO_TOKEN_URL,
  XERO_API_URL: workerVariables.XERO_API_URL,
  XERO_IDENTITY_URL: workerVariables.XERO_IDENTITY_URL,
  TOKEN_ENCRYPTION_KEY: boardVariables.TOKEN_ENCRYPTION_KEY,
};

/** Looks at the access to organisations, and whether Xero can be reached from here. */
export async function checkXero({ client, prefix }: QueueRedis, environment: Environment): Promise<Finding[]> {
  let config;
  try {
    config = loadConfig(variables, environment);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return [unknown('what says how Xero is read is malformed', 'mend the configuration first')];
  }
  const { TOKEN_ENCRYPTION_KEY: keys, XERO_CLIENT_ID: clientId } = config;
  const organisations = await listOrganisations(client, prefix, keys);
  const faults = organisations.flatMap(({ name, fault }) =>
    fault === undefined
      ? []
      : [ofOrganisations.problem(`${name}: ${fault}`, 'connect it again on the board, at /connect')],
  );
  const findings = [
    ofOrganisations.ok(`${countOf(organisations.length, 'organisation')} connected on the connect page`),
    ...faults,
    ...(organisations.length > 0 && !keys
      ? [
          ofOrganisations.unknown(
            'whether their token sets can be read was not checked: TOKEN_ENCRYPTION_KEY is not set here',
            'run this command where the board or a worker runs',
          ),
        ]
      : []),
  ];
  if (clientId !== undefined && !keys && !config.XERO_CUSTOM_CONNECTION) {
    findings.push(
      ofOrganisations.problem(
        'XERO_CLIENT_ID is set without TOKEN_ENCRYPTION_KEY: the worker does not start',
        'make a key with "xw keys generate encryption", and set it at the board and all workers',
      ),
    );
  }
  return [...findings, ...(await checkReachable(addressesOf(config, environment)))];
}

type Config = {
  XERO_API_URL: string;
  XERO_IDENTITY_URL: string;
  XERO_CLIENT_ID?: string | undefined;
  XERO_TOKEN_URL?: string | undefined;
};

/** Those that this system calls, if it reads from Xero at all. */
function addressesOf(config: Config, environment: Environment): string[] {
  const { XERO_API_URL: api, XERO_IDENTITY_URL: identity, XERO_CLIENT_ID: clientId, XERO_TOKEN_URL: tokenUrl } = config;
  if (clientId !== undefined) return [api, identity];
  if (tokenUrl !== undefined) return [api, tokenUrl];
  if (environment['XERO_API_URL']) return [api];
  const fake = readDevelopmentFile(dataFolder(process.cwd()))?.xeroUrl;
  return fake === undefined ? [] : [fake];
}

async function checkReachable(addresses: readonly string[]): Promise<Finding[]> {
  if (addresses.length === 0) {
    return [ok('nothing here says how to read from Xero, so whether it can be reached was not checked')];
  }
  const http = createHttpClient({ timeoutMs: PATIENCE_MS, maxBytes: MAX_BYTES });
  try {
    return await Promise.all(
      addresses.map(async (address) => {
        const { origin } = new URL(address);
        const result = await http.request({ method: 'GET', url: origin });
        // Whatever it answers: it is there.
        if (result.outcome === 'answered') return ok(`${origin} answers`);
        const why = result.late
          ? `no answer within ${PATIENCE_MS / 1_000} s`
          : (result.code ?? 'the connection failed');
        return problem(`${origin} cannot be reached (${why})`, 'look at the network, DNS and proxies of this machine');
      }),
    );
  } finally {
    http.close();
  }
}
