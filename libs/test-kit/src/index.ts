export { aBrowser, browserUnavailable } from './browser.ts';
export { aDatabase, type TestDatabase } from './database.ts';
export { aKafkaBroker, kafkaUnavailable } from './kafka-broker.ts';
export { pythonUnavailable } from './python.ts';
export type { Envelope, ReceivedMail } from './smtp-sink/received-mail.ts';
export type { SmtpBehaviour, SmtpRule, SmtpStage } from './smtp-sink/smtp-behaviour.ts';
export { anSmtpSink, type SmtpSink, type SmtpSinkOptions } from './smtp-sink/smtp-sink.ts';
export { claimNumber, endWithRun, type EndSignal } from './test-run/once-in-run.ts';
export { until } from './until.ts';
