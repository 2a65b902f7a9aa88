import type { Environment } from './config/load.ts';
import { loadConfig } from './config/load.ts';
import type { processVariables } from './config/shared.ts';
import type { ConfigOf, Variables } from './config/variable.ts';
import type { Logger } from './logger.ts';
import { createLogger } from './logger.ts';

/**
 * Reads a process's configuration and creates its logger, which warns about what was removed from secrets.
 *
 * @param app what log lines are from, for example `ingress`
 * @param fieldsNow gives fields that each log line gets when it is written @defaultValue none
 * @throws CodedError `XW_CONFIG`
 */
export function configure<Set extends Variables & Pick<typeof processVariables, 'LOG_LEVEL'>>(
  app: string,
  variables: Set,
  environment: Environment,
  fieldsNow?: () => object,
): { config: ConfigOf<Set>; log: Logger } {
  const notices: string[] = [];
  const config = loadConfig(variables, environment, (text) => notices.push(text));
  const log = createLogger(app, config.LOG_LEVEL as ConfigOf<typeof processVariables>['LOG_LEVEL'], fieldsNow);
  for (const text of notices) log.warn(text);
  return { config, log };
}
