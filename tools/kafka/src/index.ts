export { assertKafkaCanStart } from './kafka-jars.ts';
export { missingForKafka } from './missing-for-kafka.ts';
export { startKafka, type LocalKafka, type LocalKafkaOptions } from './start-kafka.ts';
