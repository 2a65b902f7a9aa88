export { startAdminServer } from './admin-server.ts';
export type { AdminServer } from './admin-server.ts';
export { CodedError } from './coded-error.ts';
export {
  flag,
  integer,
  list,
  matching,
  network,
  oneOf,
  pagesUrl,
  password,
  port,
  redisUrl,
  text,
  token,
  tokenMatching,
  url,
} from './config/formats.ts';
export { loadConfig } from './config/load.ts';
export type { Environment } from './config/load.ts';
export {
  adminPort,
  DEFAULT_REDIS_PREFIX,
  DEFAULT_SHARDS,
  LOG_LEVELS,
  MAX_SHARDS,
  processVariables,
  redisVariables,
  webhookKeys,
} from './config/shared.ts';
export { optional, required, withDefault } from './config/variable.ts';
export type { ConfigOf, Format, Variable, Variables } from './config/variable.ts';
export { configure } from './configure.ts';
export { dataFolder, readDevelopmentFile, writeDevelopmentFile } from './development-file.ts';
export type { DevelopmentFile } from './development-file.ts';
export { areDevelopmentKeys, DEVELOPMENT_KEY_PREFIX } from './development-key.ts';
export { errorCode, explainedAt } from './error-code.ts';
export { parseRedisUrl } from './redis/redis-url.ts';
export { doublingWait } from './doubling-wait.ts';
export type { WaitRange } from './doubling-wait.ts';
export { backoffMs } from './retry-policy.ts';
export type { RetryPolicy } from './retry-policy.ts';
export { errorFields } from './error-fields.ts';
export { addressOf, listening } from './listen.ts';
export { createLogger } from './logger.ts';
export type { Log, Logger } from './logger.ts';
export { STOOD_STILL } from './loop-delay.ts';
export type { LabelsOf, MetricApp, MetricEntry, MetricName, MetricsOf } from './metrics/catalogue.ts';
export { METRICS } from './metrics/catalogue.ts';
export { createMetrics } from './metrics/create-metrics.ts';
export type { Metrics } from './metrics/create-metrics.ts';
export { counterOf, gaugeOf, histogramOf } from './metrics/metric.ts';
export type { FaultLog } from './redis/fault-log.ts';
export { createRedisConnections, REDIS_SILENCE_MS } from './redis/connect.ts';
export type { RedisClient, RedisConnections } from './redis/connect.ts';
export { announceReady } from './redis/announce-ready.ts';
export { refusalOf } from './redis/refusal.ts';
export { readServerFacts } from './redis/server-facts.ts';
export type { ServerFacts } from './redis/server-facts.ts';
export { scanKeys } from './redis/scan-keys.ts';
export { bindScript, bindScriptText } from './redis/script.ts';
export type { Script } from './redis/script.ts';
export { watchRedis } from './redis/watch.ts';
export type { RedisState } from './redis/redis-state.ts';
export type { RedisWatch } from './redis/watch.ts';
export { runMain } from './run-main.ts';
export { createLogThrottle } from './log-throttle.ts';
export type { LogThrottle } from './log-throttle.ts';
export { createShutdown } from './shutdown.ts';
export type { Shutdown, UncaughtError } from './shutdown.ts';
