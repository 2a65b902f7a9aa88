import type { AgentOptions, Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** Where machines of Azure find out about themselves: the only such address that is not of a range of its own. */
const FILTER = { denyIPAddressList: ['168.63.129.16'] };

/** An agent that connects to public addresses alone. A name is looked up once, and what was checked is connected to. */
export function publicHttpAgent(options: AgentOptions): HttpAgent {
  return new RequestFilteringHttpAgent({ ...options, ...FILTER });
}

/** Likewise, for HTTPS. */
export function publicHttpsAgent(options: AgentOptions): HttpsAgent {
  return new RequestFilteringHttpsAgent({ ...options, ...FILTER });
}

/** Whether such an agent has refused to connect: its errors have no code. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^DNS lookup .* is not allowed\. Because/.test(error.message);
}

/** The form in which IPv6 once carried IPv4 addresses: nothing uses it any more. */
const IPV4_COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');

/** Whether a host is known not to be public without looking it up: an address, or a name of this machine. */
export function isPrivateHost(host: string): boolean {
  const text = host.replace(/^\[|\]$/g, '');
  if (isIP(text) === 0) return /^(?:.*\.)?localhost\.?$/i.test(text);
  if (FILTER.denyIPAddressList.includes(text)) return true;
  const address = ipaddr.parse(text);
  return address.range() !== 'unicast' || (address instanceof ipaddr.IPv6 && address.match(IPV4_COMPATIBLE));
}
