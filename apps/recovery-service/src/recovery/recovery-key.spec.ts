import { newFlowCode } from '../recovery-flow/flow-code.ts';
import { newRecoveryKey, parseRecoveryKey } from './recovery-key.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe.each([['recovery key', newRecoveryKey], ['code of a flow', newFlowCode]])('a %s', (_, make) => {
  it('is one of 2^256: ten thousand have no repeats, and nothing in common (S15)', () => {
    const keys = Array.from({ length: 10_000 }, make);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    // That one character of 64 never comes at one place in ten thousand keys has a chance of 1e-66.
    for (let place = 0; place < 42; place++) expect([place, new Set(keys.map((key) => key[place])).size]).toEqual([place, alphabet.length]);
  });

  it('is told from whatever else somebody types', () => {
    expect(parseRecoveryKey(make())).not.toBeNull();
    for (const text of ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`, `${'A'.repeat(42)}\n`, ' '.repeat(43)]) expect(parseRecoveryKey(text)).toBeNull();
  });
});
