import { deliveryRequest, type DeliveryOutcome, type MailFigures } from '@rekey/events';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

interface Overview {
  readonly buckets: readonly (MailFigures & { readonly from: string; readonly requests: number })[];
  readonly open: number;
}

const figures: MailFigures = { accepted: 2, sent: 1, failed: 1, failures: { REJECTED: 1 }, medianMs: 900, p95Ms: 2_000, oldestSeconds: 30 };
const keeper = (_: string, asked: unknown): DeliveryOutcome => {
  const request = deliveryRequest.parse(asked);
  return { kind: 'figures', buckets: Array.from({ length: request.ask === 'figures' ? request.buckets : 0 }, () => figures), open: 1, oldestOpenAt: '2026-11-25T10:00:00.000Z' };
};

let service: ServiceUnderTest;
beforeAll(async () => (service = await ServiceUnderTest.start('', undefined, keeper)));
afterAll(() => service.stop());

const overview = (query: string) => service.ask(`/api/rekey/v1/overview?${query}`);

it('has how often somebody asked beside what became of the mails, part by part', async () => {
  await service.aUser('kim');
  for (const name of ['kim', 'nobody']) await service.recover(name);
  const shown = async () => (await overview('buckets=4')).body as Overview;
  await until(async () => (await shown()).buckets.at(-1)?.requests === 2);
  const { buckets, open } = await shown();
  expect(buckets).toMatchObject([{ ...figures, requests: 0 }, { requests: 0 }, { requests: 0 }, { ...figures, requests: 2 }]);
  expect([open, Date.parse(buckets[1]?.from ?? '') - Date.parse(buckets[0]?.from ?? '')]).toEqual([1, 6 * 3_600_000]);
});

it('begins and ends with whole minutes', async () => {
  const { buckets } = (await overview('from=2026-11-25T09:00:59.9Z&to=2026-11-25T09:59:00.1Z&buckets=60')).body as Overview;
  expect([buckets[0]?.from, buckets[59]?.from]).toEqual(['2026-11-25T09:00:00.000Z', '2026-11-25T09:59:00.000Z']);
});

it.each(['from=2026-11-25T10:00:00Z&to=2026-11-25T10:00:00Z', 'from=2026-01-01T00:00:00Z&to=2026-11-25T10:00:00Z', 'from=2126-11-25T10:00:00Z', 'from=2026-11-25T09:01:00Z&to=2026-11-25T10:00:00Z&buckets=60', 'buckets=0', 'buckets=201', 'from=yesterday'])('takes no %s', async (query) => {
  expect((await overview(query)).status).toBe(400);
});
