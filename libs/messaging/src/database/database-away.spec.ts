import { isDatabaseAway } from './database-away.ts';

const fromServer = (code: string) => Object.assign(new Error('said by the server'), { code, severity: 'ERROR' });
const fromNetwork = (code: string) => Object.assign(new Error('said by the network'), { code });

describe('a database', () => {
  it.each<[what: string, thrown: unknown]>([
    ['refuses connections', fromNetwork('ECONNREFUSED')],
    ['is one of two addresses that both refuse', Object.assign(new AggregateError([fromNetwork('ECONNREFUSED')]), { code: 'ECONNREFUSED' })],
    ['hangs up', fromNetwork('ECONNRESET')],
    ['cannot be looked up', fromNetwork('EAI_AGAIN')],
    ['has no connection to spare', fromServer('53300')],
    ['is full', fromServer('53100')],
    ['is being restarted', fromServer('57P01')],
    ['is not up yet', fromServer('57P03')],
    ['took too long for a statement', fromServer('57014')],
    ['was not spoken to for too long within a transaction', fromServer('25P03')],
    ['ended a transaction that took too long', fromServer('25P04')],
    ['is a replica by now', fromServer('25006')],
    ['lost its connection', fromServer('08006')],
    ['could not have transactions take turns', fromServer('40001')],
    ['had them in each other’s way', fromServer('40P01')],
    ['did not get a lock in time', fromServer('55P03')],
    ['lent all connections of the pool', new Error('timeout exceeded when trying to connect')],
    ['did not accept one in time', new Error('Connection terminated due to connection timeout')],
    ['did not accept one in time, as the client counts', new Error('timeout expired')],
    ['did not answer in time', new Error('Query read timeout')],
    ['went away', new Error('Connection terminated unexpectedly')],
    ['went away before it was asked', new Error('Client has encountered a connection error and is not queryable')],
    ['is no longer used by a service that stops', new Error('Cannot use a pool after calling end on the pool')],
  ])('that %s is away', (_, thrown) => expect(isDatabaseAway(thrown)).toBe(true));

  it.each<[what: string, thrown: unknown]>([
    ['has no such table', fromServer('42P01')],
    ['was asked with a parameter too many', fromServer('08P01')],
    ['has such a row already', fromServer('23505')],
    ['cannot store a text', fromServer('22021')],
    ['was not asked', new Error('out of order')],
    ['was not even in question', 'ECONNREFUSED'],
  ])('that %s is not', (_, thrown) => expect(isDatabaseAway(thrown)).toBe(false));
});
