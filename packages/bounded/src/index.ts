export { setBounded } from './bounded-map.ts';
export { describeValue } from './describe-value.ts';
export { boundedError, MAX_MESSAGE, MAX_STACK } from './error.ts';
export type { BoundedError } from './error.ts';
export { isErrorLike } from './is-error-like.ts';
export { readField } from './read-field.ts';
export { boundedText } from './text.ts';
export { boundedValue } from './value.ts';
