export { createHttpClient } from './http-client.ts';
export type { HttpClient, HttpHeaders, HttpRequest, HttpResult } from './http-client.ts';
export { isPrivateHost } from './public-agents.ts';
