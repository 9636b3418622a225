import { nearest } from './nearest.ts';

describe('the nearest known word', () => {
  const known = ['hostname', 'offset', 'base_path', 'port'];

  it.each([['hostnme', 'hostname'], ['hots', null], ['ofset', 'offset'], ['base-path', 'base_path'], ['prot', 'port'], ['zookeeper', null], ['', null]])('to %j is %j', (word, found) => {
    expect(nearest(word, known)).toBe(found);
  });

  it('is none where none is known', () => {
    expect(nearest('hostname', [])).toBeNull();
  });
});
