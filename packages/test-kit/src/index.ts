export { sampleEvent } from './sample-event.ts';
export { signedRequest } from './signed-request.ts';
export type { SignedRequest } from './signed-request.ts';
export { testHandlers } from './test-handlers.ts';
export type { HandlerRun, LogLine, TestedHandlers, TestHandlersOptions } from './test-handlers.ts';
export type { TestAnswers, TestResources } from './test-reader.ts';
