/**
 * Where the environment says nothing, an event that fails in development is a dead letter within seconds: production tries
 * for a day, in which the failure would go unseen.
 */
const SHORT_SCHEDULE = { RETRY_ATTEMPTS: '5', RETRY_BASE_MS: '1000', RETRY_MAX_MS: '8000' };

/** The variables of the worker's retries, and what the banner says of them. */
export function retrySchedule(environment: NodeJS.ProcessEnv): { variables: NodeJS.ProcessEnv; about: string } {
  const given = Object.keys(SHORT_SCHEDULE).filter((name) => environment[name]?.trim());
  if (given.length > 0) return { variables: {}, about: `set by ${given.join(', ')}` };
  return {
    variables: SHORT_SCHEDULE,
    about: `${SHORT_SCHEDULE.RETRY_ATTEMPTS} attempts within some 15 seconds  (in production 100 within a day, or as RETRY_ATTEMPTS says)`,
  };
}
