export { createLogger, maskAddress, type Logger, type LoggerOptions, type LogLevel } from './logger.ts';
export { nestLog } from './nest-log.ts';
export { Metrics, type RelayMetrics } from './metrics.ts';
export { Health, type Readiness, type ReadinessCheck } from './health.ts';
