import { aKafkaBroker, kafkaUnavailable } from './index.ts';

const missing = kafkaUnavailable();
if (missing !== null) console.warn(`SKIPPED: the tests over a real Kafka (${missing})`);

(missing === null ? describe : describe.skip)('the broker of a test run', () => {
  it('is one for everybody who asks', async () => {
    const [one, other] = await Promise.all([aKafkaBroker(), aKafkaBroker()]);
    expect(one.brokers).toHaveLength(1);
    expect(other).toEqual(one);
  });
});

describe('looking for a broker', () => {
  const { KAFKA_BROKERS, REQUIRE_KAFKA, PATH } = process.env;
  afterEach(() => {
    for (const [name, value] of Object.entries({ KAFKA_BROKERS, REQUIRE_KAFKA, PATH })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('takes the one it is given', async () => {
    process.env['KAFKA_BROKERS'] = 'one:9092, other:9092';
    process.env['PATH'] = '';
    expect(kafkaUnavailable()).toBeNull();
    expect(await aKafkaBroker()).toEqual({ brokers: ['one:9092', 'other:9092'] });
  });

  it('says in one line what is missing, and fails where Kafka is required', () => {
    delete process.env['KAFKA_BROKERS'];
    delete process.env['REQUIRE_KAFKA'];
    process.env['PATH'] = '';
    expect(kafkaUnavailable()).toMatch(/^Java 17 or later \(java\) and Maven \(mvn\) not found: install them .*$/);
    process.env['REQUIRE_KAFKA'] = '1';
    expect(() => kafkaUnavailable()).toThrow(/^REQUIRE_KAFKA=1, but Java/);
  });
});
