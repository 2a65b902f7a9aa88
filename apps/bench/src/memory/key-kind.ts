const EVENT_KEY = /(?<=:)x[A-Za-z0-9_-]{27}$/;
const ORGANISATION = /\{[A-Za-z0-9-]+\}/;
const RESOURCE = /(?<=:)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a key in Redis is for: the key with its ids replaced by what they identify. */
export function keyKind(key: string): string {
  return key.replace(ORGANISATION, '{organisation}').replace(EVENT_KEY, '<event>').replace(RESOURCE, '<resource>');
}
