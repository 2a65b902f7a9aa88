export { findExecutable } from './find-executable.ts';
export { captureA, captureB, creditNoteBody, severalEventsBody } from './captures.ts';
export type { Capture } from './captures.ts';
export { makeCertificates } from './redis/certificates.ts';
export type { Certificates } from './redis/certificates.ts';
export { freePort } from './free-port.ts';
export { processStat } from './process-stat.ts';
export { findRedisBinary, startJsRedis, startRedisBinary } from './redis/local-redis.ts';
export type { LocalRedis, RedisKind } from './redis/local-redis.ts';
export { startRedisCluster } from './redis/redis-cluster.ts';
export type { RedisCluster } from './redis/redis-cluster.ts';
export { startRedisForTests } from './redis/redis-for-tests.ts';
export type { RedisForTests } from './redis/redis-for-tests.ts';
export { securityArgs } from './redis/redis-security.ts';
export type { RedisSecurity } from './redis/redis-security.ts';
export { startRedisSentinel } from './redis/redis-sentinel.ts';
export type { RedisSentinel } from './redis/redis-sentinel.ts';
export { signedHeaders, spoilSignature } from './signed-request.ts';
export type { LoggedCall, Usage } from './xero/call-log.ts';
export { createClock } from './xero/clock.ts';
export type { FakeClock } from './xero/clock.ts';
export type { FakeXeroControls, GrantWords } from './xero/controls.ts';
export { startFakeXero } from './xero/fake-xero.ts';
export type { FakeXero, FakeXeroOptions } from './xero/fake-xero.ts';
export { fakeXeroAt } from './xero/fake-xero-at.ts';
export type { DistantFakeXero } from './xero/fake-xero-at.ts';
export type { Fault, FaultKind, FaultMatch } from './xero/faults.ts';
export type { Consent } from './xero/identity.ts';
export type { Limits } from './xero/limits.ts';
export type { Change, Changed } from './xero/resources.ts';
export type { TokenLifetimes, TokenSet } from './xero/tokens.ts';
export type {
  DeliveryAttempt,
  Told,
  ToldChange,
  WebhookBehaviour,
  WebhookState,
  WebhookTarget,
} from './xero/webhook.ts';
export type { FakeClient, FakeOrganisation, FakeUser } from './xero/world.ts';
export { xeroBody, xeroDate, xeroEvent } from './xero-body.ts';
