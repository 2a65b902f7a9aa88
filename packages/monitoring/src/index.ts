export { ALERTS } from './alerts/alerts.ts';
export type { AlertEntry } from './alerts/alerts.ts';
export { findIngressAlerts } from './alerts/find-ingress-alerts.ts';
export { startMonitoring } from './start-monitoring.ts';
export { listAlerts } from './list-alerts.ts';
export type { OpenAlert } from './alerts/compare-alerts.ts';
export { postTestAlert } from './alerts/post-alerts.ts';
export { createReadSystem } from './read-system.ts';
export type { SystemState } from './read-system.ts';
