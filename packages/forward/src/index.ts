export { createBreaker } from './breaker.ts';
export type { Change } from './breaker.ts';
export { createForwarder, createPlainForwarder } from './forwarder.ts';
export type { OpenForwarder } from './forwarder.ts';
export { forwardEverything } from './forward-everything.ts';
export { createPlaces } from './places.ts';
