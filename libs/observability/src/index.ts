export { createLogger, maskAddress, type Logger, type LoggerOptions } from './logger.ts';
export { Health, type Readiness, type ReadinessCheck } from './health.ts';
