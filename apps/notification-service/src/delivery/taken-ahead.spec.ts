import { TakenAhead } from './taken-ahead.ts';

describe('mails that are taken before there is a slot for them', () => {
  it('are as many as relays have answered for within the last second, and never more than the most', () => {
    let nowMs = 0;
    const ahead = new TakenAhead<string>(5, () => nowMs);
    expect(ahead.allowance).toBe(0);
    for (let answer = 0; answer < 3; answer++) ahead.answered();
    expect(ahead.allowance).toBe(3);
    nowMs = 600;
    for (let answer = 0; answer < 4; answer++) ahead.answered();
    expect(ahead.allowance).toBe(5);
    nowMs = 1_200;
    expect(ahead.allowance).toBe(4);
    nowMs = 2_500;
    expect(ahead.allowance).toBe(0);
  });

  it('start in their order, but for those that may not yet', () => {
    const ahead = new TakenAhead<string>(5);
    for (const id of ['a', 'b', 'c']) ahead.add(id);
    expect(ahead.next((mail) => mail !== 'a')).toBe('b');
    expect(ahead.next(() => false)).toBeNull();
    expect([ahead.next(() => true), ahead.next(() => true), ahead.next(() => true)]).toEqual(['a', 'c', null]);
  });

  it('are given up when they have waited long', () => {
    let nowMs = 0;
    const ahead = new TakenAhead<string>(5, () => nowMs);
    ahead.add('a');
    nowMs = 4_000;
    ahead.add('b');
    nowMs = 6_000;
    expect(ahead.giveUp(5_000)).toEqual(['a']);
    expect(ahead.deliveries).toEqual(['b']);
  });
});
