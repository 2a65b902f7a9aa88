/** The defaults of `IngressOptions`, and of the environment variables that set them. */
export const INGRESS_DEFAULTS = {
  path: '/webhook',
  maxBodyBytes: 5_242_880,
  ackDeadlineMs: 4_000,
  waitReplicas: 0,
  unreadableStatus: 400,
  quarantineBytes: 104_857_600,
} as const;
