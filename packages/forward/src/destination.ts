import { boundedText } from '@xero-webhooks/bounded';
import { isPrivateHost } from '@xero-webhooks/http-client';
import { CodedError } from '@xero-webhooks/runtime';

/** Where messages go. */
export type Destination = {
  /** Where to post, with its query. */
  readonly url: string;
  /** The same without it: messages to one address succeed and fail together. */
  readonly address: string;
  /** What may be shown: a path can be as good as a password. */
  readonly shown: string;
};

/**
 * @param allowPrivate FORWARD_ALLOW_PRIVATE
 * @throws CodedError if nothing may be sent there
 */
export function readDestination(text: string, allowPrivate: boolean): Destination {
  const wrong = (what: string): CodedError =>
    new CodedError(
      'XW_FORWARD_OPTIONS',
      `cannot forward to an address that ${what}: it must begin with https:// or http://, name a host, and have neither user nor password`,
    );
  if (!URL.canParse(text)) throw wrong(`is not a URL (${text === '' ? 'it is empty' : `${text.length} characters`})`);
  const { protocol, hostname, username, password, origin, pathname, href } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') throw wrong(`begins with ${boundedText(protocol, 20)}//`);
  if (username !== '' || password !== '') throw wrong('has a user or a password');
  if (!allowPrivate && isPrivateHost(hostname)) throw privateError(origin);
  return { url: href.replace(/#.*$/s, ''), address: `${origin}${pathname}`, shown: origin };
}

/** What a destination comes to whose address is not public. */
export function privateError(shown: string): CodedError {
  return new CodedError(
    'XW_FORWARD_PRIVATE',
    `${shown} is not an address of the public internet: set FORWARD_ALLOW_PRIVATE=true for the worker if the receiver is in your own network`,
  );
}
