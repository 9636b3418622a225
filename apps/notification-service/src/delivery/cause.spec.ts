import { causeOf } from './cause.ts';

describe('the cause that failed mails are grouped by', () => {
  it.each([
    ['rcpt', '550 5.1.1 <kim@example.com>: Recipient address rejected', 'rcpt 550 5.1.1'],
    ['dot', '554-5.7.1 spam\n554 5.7.1 really', 'dot 554 5.7.1'],
    ['mail', '452 try later', 'mail 452'],
    ['rcpt', '550', 'rcpt 550'],
    ['connect', 'connect ECONNREFUSED 127.0.0.1:2525', 'connect: connect ECONNREFUSED #.#.#.#:#'],
    ['compose', 'no template "news" for kim@example.com', 'compose: no template … for …'],
  ])('of %s, %j is %j', (stage, reply, cause) => {
    expect(causeOf(stage, reply)).toBe(cause);
  });

  it('is short, whatever was said', () => {
    expect(causeOf('dot', 'x'.repeat(10_000))).toHaveLength(120);
  });
});
