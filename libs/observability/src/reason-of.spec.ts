import { reasonOf } from './index.ts';

describe('the reason of what was thrown', () => {
  it.each([
    [new TypeError('no such host'), 'no such host'],
    [new AggregateError([new Error('connect ECONNREFUSED ::1:25'), new Error('connect ECONNREFUSED 127.0.0.1:25')]), 'connect ECONNREFUSED ::1:25; connect ECONNREFUSED 127.0.0.1:25'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
  ])('of %p is in words: %s', (thrown, words) => expect(reasonOf(thrown)).toBe(words));
});
