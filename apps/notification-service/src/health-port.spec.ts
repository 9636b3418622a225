import { healthPorts } from './health-port.ts';

describe('the port of the health endpoints', () => {
  it('is 9600 and the offset, or the next free one', () => {
    expect(healthPorts({ variable: null }, 10).slice(0, 3)).toEqual([9610, 9611, 9612]);
  });

  it('is the one that was named, and no other; the option goes before the variable', () => {
    expect(healthPorts({ option: '7000', variable: '8000' }, 0)).toEqual([7000]);
    expect(healthPorts({ variable: '8000' }, 5)).toEqual([8000]);
  });

  it('that is none is refused, naming who named it', () => {
    expect(() => healthPorts({ option: '', variable: '8000' }, 0)).toThrow('--port must be a port');
    expect(() => healthPorts({ variable: '70000' }, 0)).toThrow('REKEY_PORT must be a port');
  });
});
