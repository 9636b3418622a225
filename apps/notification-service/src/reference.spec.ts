import { randomUUID } from 'node:crypto';
import { referenceOf } from './reference.ts';

describe('the reference number of a mail', () => {
  it('can be read out: ten symbols in two groups, none of which is taken for another', () => {
    expect(referenceOf('0198e6a1-7c3b-7d52-9c1e-3a5b8f2d4e60')).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  });

  it('is the event’s, however its id is written', () => {
    const eventId = randomUUID();
    expect(referenceOf(eventId.toUpperCase())).toBe(referenceOf(eventId));
  });

  it('is another one for another event', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => referenceOf(randomUUID()))).size).toBe(10_000);
  });
});
