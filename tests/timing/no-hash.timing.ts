import { PasswordHasher } from '@rekey/identity';
import { differenceIn } from './same-time.ts';

describe('checking a password against no hash', () => {
  it('costs as much as against one, from the first time on (S2)', async () => {
    const hash = await new PasswordHasher().hash('correct horse');
    const measure = async (subjects: readonly { readonly kind: 0 | 1 }[]): Promise<readonly number[]> => {
      const times: number[] = [];
      for (const { kind } of subjects) {
        const hasher = new PasswordHasher();
        const startedAt = performance.now();
        await hasher.verify('wrong', kind === 0 ? hash : null);
        times.push(performance.now() - startedAt);
      }
      return times;
    };
    expect(await differenceIn({ name: 'a wrong password', kinds: ['against a hash', 'against none'], measure, each: 225 })).toBeNull();
  }, 120_000);
});
