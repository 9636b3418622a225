export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './logger.ts';
export { nestLog } from './nest-log.ts';
export { Metrics, type RelayMetrics, type RequestMetrics } from './metrics.ts';
export type { OutboxMetrics, PartitionLag, PausedPartition, WaitingEvents } from './event-metrics.ts';
export type { MailMetrics, OpenMails } from './mail-metrics.ts';
export type { WebhookMetrics } from './webhook-metrics.ts';
export { Health, type Readiness, type ReadinessCheck } from './health.ts';
export { beginSpan, currentTraceparent, failSpan, inSpan, isTracing, outsideOfTraces, startTracing, traced, tracedEach, type BegunSpan, type Span, type SpanSubject, type Tracing } from './tracing.ts';
export { reasonOf } from './reason-of.ts';
