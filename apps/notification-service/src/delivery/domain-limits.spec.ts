import { DomainLimits } from './domain-limits.ts';

describe('the limits of a recipient’s domain', () => {
  it('leave each domain so many mails on their way', () => {
    const limits = new DomainLimits({ concurrency: 2, mailsPerSecond: null });
    expect(limits.room()).toEqual({ usual: 2, of: new Map() });
    for (const domain of ['a.example', 'a.example', 'b.example', null]) limits.begin(domain);
    expect(limits.room()).toEqual({ usual: 2, of: new Map([['a.example', 0], ['b.example', 1]]) });
    for (const domain of ['a.example', 'b.example', null]) limits.end(domain);
    expect(limits.room()).toEqual({ usual: 2, of: new Map([['a.example', 1]]) });
  });

  it('and no more than the relays take for it, those among them that are held', () => {
    const limits = new DomainLimits({ concurrency: 10, ahead: 10, mailsPerSecond: null });
    limits.hold('a.example');
    const atRelays = new Map([['a.example', 3], ['b.example', 0]]);
    expect(limits.room(Infinity, atRelays)).toEqual({ usual: 20, of: new Map([['a.example', 2], ['b.example', 0]]) });
  });

  it('and so many that wait for a slot, of which none begins beyond the limit', () => {
    const limits = new DomainLimits({ concurrency: 1, ahead: 2, mailsPerSecond: null });
    for (let mail = 0; mail < 3; mail++) limits.hold('a.example');
    expect(limits.room()).toEqual({ usual: 3, of: new Map([['a.example', 0]]) });
    limits.letGo('a.example');
    limits.begin('a.example');
    expect(limits.mayBegin('a.example')).toBe(false);
    limits.end('a.example');
    expect(limits.mayBegin('a.example')).toBe(true);
    expect(limits.room().of).toEqual(new Map([['a.example', 1]]));
    expect(limits.room(0)).toEqual({ usual: 1, of: new Map([['a.example', 0]]) });
  });

  it('and so many a second, also when they have arrived; domains that rest are forgotten', () => {
    let nowMs = 0;
    const limits = new DomainLimits({ concurrency: 10, mailsPerSecond: 2 }, () => nowMs);
    expect(limits.room().usual).toBe(2);
    for (let mail = 0; mail < 2; mail++) {
      limits.begin('a.example');
      limits.end('a.example');
    }
    expect(limits.room().of).toEqual(new Map([['a.example', 0]]));
    nowMs += 500;
    expect(limits.room().of).toEqual(new Map([['a.example', 1]]));
    nowMs += 500;
    expect(limits.room().of).toEqual(new Map());
  });
});
