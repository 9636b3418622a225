import { Health } from './health.ts';

describe('the health of a service', () => {
  it('is well where every part is ready', async () => {
    const health = new Health();
    expect(await health.unready()).toEqual({});
    health.add('database', () => ({ ready: true }));
    health.add('event bus', async () => ({ ready: true }));
    expect(await health.unready()).toEqual({});
  });

  it('names each part that is not, and what it waits for', async () => {
    const health = new Health();
    health.add('database', () => Promise.reject(new Error('connection refused')));
    health.add('event bus', () => ({ ready: false, waitingFor: 'Kafka at localhost:9092' }));
    health.add('mail relay', async () => ({ ready: false }));
    health.add('outbox', () => ({ ready: true }));
    health.add('broken', () => {
      throw new Error('no such part');
    });
    expect(await health.unready()).toEqual({ database: 'connection refused', 'event bus': 'Kafka at localhost:9092', 'mail relay': 'not ready', broken: 'no such part' });
  });

  it('is told in time, also of a part that gives no answer', async () => {
    const health = new Health(20);
    health.add('database', () => new Promise(() => undefined));
    health.add('event bus', () => ({ ready: true }));
    expect(await health.unready()).toEqual({ database: 'no answer within 0.02 s' });
  });

  it('changes with its parts', async () => {
    const health = new Health();
    let ready = false;
    health.add('database', () => ({ ready }));
    expect(await health.unready()).toHaveProperty('database');
    ready = true;
    expect(await health.unready()).toEqual({});
  });

  it('is not ready once it is draining, whatever its parts say', async () => {
    const health = new Health();
    health.add('database', () => ({ ready: true }));
    health.drain();
    expect(await health.unready()).toEqual({ service: 'shutting down' });
  });
});
