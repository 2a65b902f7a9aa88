import { loadConfig, required, token } from '@xero-webhooks/runtime';
import { createSubscription } from '@xero-webhooks/xero';
import { xeroAppVariables } from '@xero-webhooks/xero-auth';
import { notice } from '../notice.ts';
import { printJson } from '../print-json.ts';

/** Read from the environment, because every user of the machine can see a command line. */
const subscribeVariables = {
  XERO_ACCESS_TOKEN: required(token, {
    about: 'An access token of the app that subscribes.',
    setTo: 'an access token of the app that subscribes',
    secret: true,
  }),
  XERO_API_URL: xeroAppVariables.XERO_API_URL,
};

/** @param events categories, separated by commas */
export async function runSubscribe(url: string, events: string, json = false): Promise<void> {
  const { XERO_ACCESS_TOKEN: accessToken, XERO_API_URL: apiUrl } = loadConfig(subscribeVariables, process.env, notice);
  const categories = events.split(',').map((category) => category.trim().toUpperCase());
  const answer = await createSubscription({ url, events: categories }, accessToken, { apiUrl });
  if (json) printJson({ url, events: categories, answer: answer ?? null });
  else process.stdout.write(`Xero has accepted the subscription: ${JSON.stringify(answer ?? null)}\n`);
}
