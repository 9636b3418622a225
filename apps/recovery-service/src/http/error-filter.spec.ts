import { withinLimit } from '@rekey/governance';
import { HashQueueFullError } from '@rekey/identity';
import { toApiError } from './error-filter.ts';

const answerTo = (thrown: unknown) => (({ code, status }) => [status, code])(toApiError(thrown));

describe('what nobody planned', () => {
  it.each<[what: string, thrown: () => unknown]>([
    ['a hook that has no time on a machine that is busy', () => withinLimit(new Promise(() => undefined), 1).catch((error: unknown) => error)],
    ['a queue of passwords that is full', () => new HashQueueFullError(64)],
    ['a transaction that waited too long', () => Object.assign(new Error('idle'), { code: '25P03', severity: 'FATAL' })],
    ['a pool without a connection', () => new Error('timeout exceeded when trying to connect')],
  ])('is 503 where it may well succeed a moment later: %s', async (_, thrown) => expect(answerTo(await thrown())).toEqual([503, 'RKY-10007']));

  it('is 500 where it may not', () => expect(answerTo(new Error('out of order'))).toEqual([500, '18013']));
});
