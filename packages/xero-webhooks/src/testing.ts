/**
 * Testing handlers, and whatever receives Xero's webhooks or reads from its API.
 *
 * ```ts
 * const handlers = await testHandlers(register, { resources: { invoice: { Status: 'PAID' } } });
 * const { syncInvoice } = await handlers.emit('invoice.updated');
 * assert.equal(syncInvoice.outcome, 'succeeded');
 * ```
 */
export { createClock, startFakeXero } from '@xero-webhooks/fake-xero';
export { sampleEvent, signedRequest, testHandlers } from '@xero-webhooks/test-kit';
export type {
  Change,
  Changed,
  Consent,
  DeliveryAttempt,
  FakeClient,
  FakeClock,
  FakeOrganisation,
  FakeUser,
  FakeXero,
  FakeXeroControls,
  FakeXeroOptions,
  Fault,
  FaultKind,
  FaultMatch,
  GrantOptions,
  Limits,
  LoggedCall,
  TokenLifetimes,
  TokenSet,
  Told,
  ToldChange,
  Usage,
  WebhookBehaviour,
  WebhookState,
  WebhookTarget,
} from '@xero-webhooks/fake-xero';
export type {
  HandlerRun,
  LogLine,
  SignedRequest,
  TestAnswers,
  TestedHandlers,
  TestHandlersOptions,
  TestResources,
} from '@xero-webhooks/test-kit';
