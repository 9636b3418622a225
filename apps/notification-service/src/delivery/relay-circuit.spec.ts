import { RelayCircuit } from './relay-circuit.ts';

describe('the relay’s circuit', () => {
  let nowMs: number;
  let circuit: RelayCircuit;
  beforeEach(() => {
    nowMs = 1_000;
    circuit = new RelayCircuit(() => nowMs);
  });

  it('lets every free slot be used while the relay works', () => {
    expect([circuit.allowance(10, 0), circuit.allowance(3, 7), circuit.allowance(0, 10)]).toEqual([10, 3, 0]);
    expect(circuit.readiness()).toEqual({ ready: true });
  });

  it('is open from the first refusal on, and says why', () => {
    circuit.refused('auth: 535 no');
    expect(circuit.allowance(10, 0)).toBe(0);
    expect(circuit.readiness()).toEqual({ ready: false, waitingFor: 'auth: 535 no' });
  });

  it('lets one mail through every five seconds, and only when nothing else is on its way', () => {
    circuit.refused('connect: refused');
    nowMs += 4_999;
    expect(circuit.allowance(10, 0)).toBe(0);
    nowMs += 1;
    expect([circuit.allowance(10, 0), circuit.allowance(9, 1), circuit.allowance(0, 0)]).toEqual([1, 0, 0]);
  });

  it('waits five seconds again after a probe that was refused, with the newest reason', () => {
    circuit.refused('connect: refused');
    nowMs += 5_000;
    circuit.refused('greeting: 554 no');
    expect(circuit.allowance(10, 0)).toBe(0);
    expect(circuit.readiness()).toEqual({ ready: false, waitingFor: 'greeting: 554 no' });
    nowMs += 5_000;
    expect(circuit.allowance(10, 0)).toBe(1);
  });

  it('is closed by the first mail that gets through', () => {
    circuit.refused('connect: refused');
    circuit.worked();
    expect(circuit.allowance(10, 0)).toBe(10);
    expect(circuit.readiness()).toEqual({ ready: true });
  });

  it('says what is news, once each', () => {
    expect([circuit.worked(), circuit.refused('a'), circuit.refused('b'), circuit.worked(), circuit.worked(), circuit.refused('c')]).toEqual([false, true, false, true, false, true]);
  });
});
