import { RelayCircuit } from './relay-circuit.ts';

describe('a relay’s circuit', () => {
  let nowMs: number;
  let circuit: RelayCircuit;
  beforeEach(() => {
    nowMs = 1_000;
    circuit = new RelayCircuit(() => nowMs);
  });
  const seen = (): [string | null, boolean] => [circuit.openBecause, circuit.isProbeDue];

  it('is closed while the relay works', () => {
    expect(seen()).toEqual([null, false]);
  });

  it('is open from the first refusal on, says why, and lets a probe through after five seconds', () => {
    circuit.refused('auth: 535 no');
    nowMs += 4_999;
    expect(seen()).toEqual(['auth: 535 no', false]);
    nowMs += 1;
    expect(seen()).toEqual(['auth: 535 no', true]);
  });

  it('waits five seconds again after a probe that was refused, with the newest reason', () => {
    circuit.refused('connect: refused');
    nowMs += 5_000;
    circuit.refused('greeting: 554 no');
    expect(seen()).toEqual(['greeting: 554 no', false]);
    nowMs += 5_000;
    expect(seen()).toEqual(['greeting: 554 no', true]);
  });

  it('is closed by the first mail that gets through', () => {
    circuit.refused('connect: refused');
    circuit.worked();
    expect(seen()).toEqual([null, false]);
  });

  it('says what is news, once each', () => {
    expect([circuit.worked(), circuit.refused('a'), circuit.refused('b'), circuit.worked(), circuit.worked(), circuit.refused('c')]).toEqual([false, true, false, true, false, true]);
  });
});
