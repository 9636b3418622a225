import { portOf, readOptions } from './read-options.ts';

const options = { port: { type: 'string' }, workers: { type: 'string', default: '1' } } as const;

describe('the options of a program', () => {
  it('are read with their defaults', () => {
    expect({ ...readOptions('usage', options, ['--port', '9500']) }).toEqual({ port: '9500', workers: '1' });
  });

  it('are refused in one line that says which is wrong and how to get help', () => {
    const reading = (): unknown => readOptions('usage', options, ['--prot', '9500']);
    expect(reading).toThrow(/Unknown option '--prot' \(.*-- --help\)$/);
  });

  it.each(['', '-1', '65536', '80.5', '0x50', 'http'])('take %p for no port', (given) => {
    expect(() => portOf('--port', given)).toThrow(`--port must be a port from 0 to 65535, not "${given}"`);
  });

  it('take any port there is', () => {
    expect([portOf('--port', '0'), portOf('--port', '65535')]).toEqual([0, 65_535]);
  });
});
