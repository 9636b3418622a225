import { portsToTry } from './service-port.ts';

describe('the port of a notification service that runs alone', () => {
  it('is 9600 and the offset, or the next free one', () => {
    expect(portsToTry({ variable: null }, 10).slice(0, 3)).toEqual([9610, 9611, 9612]);
  });

  it('is the one that was named, and no other; the option goes before the variable', () => {
    expect(portsToTry({ option: '7000', variable: '8000' }, 0)).toEqual([7000]);
    expect(portsToTry({ variable: '8000' }, 5)).toEqual([8000]);
  });

  it('that is none is refused, naming who named it', () => {
    expect(() => portsToTry({ option: '', variable: '8000' }, 0)).toThrow('--port must be a port');
    expect(() => portsToTry({ variable: '70000' }, 0)).toThrow('REKEY_PORT must be a port');
  });
});
