import { healthPorts } from './health-port.ts';

describe('the port of the health endpoints', () => {
  it('is 9600 and the offset, or the next free one', () => {
    expect(healthPorts([], {}, 10).slice(0, 3)).toEqual([9610, 9611, 9612]);
  });

  it('is the one that was named, and no other; the option goes before the variable', () => {
    expect(healthPorts(['--port', '7000'], { REKEY_PORT: '8000' }, 0)).toEqual([7000]);
    expect(healthPorts([], { REKEY_PORT: '8000' }, 5)).toEqual([8000]);
  });

  it.each([[['--port']], [['--port', 'http']], [['--port', '70000']]])('refuses %j, naming the option', (args) => {
    expect(() => healthPorts(args, {}, 0)).toThrow('--port: expected a port');
  });
});
