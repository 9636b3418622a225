import { knownKeysAt } from './schema.ts';
import { isUnusedWso2Key } from './wso2-keys.ts';

describe('the keys that only WSO2 reads', () => {
  it('are none that Rekey reads', () => {
    const contradictions: string[] = [];
    const visit = (path: readonly string[]): void => {
      for (const key of knownKeysAt(path) ?? []) {
        if (isUnusedWso2Key([...path, key])) contradictions.push([...path, key].join('.'));
        visit([...path, key]);
      }
    };
    visit([]);
    expect(contradictions).toEqual([]);
  });

  it('are whole sections, and single keys beside those that Rekey reads', () => {
    expect(isUnusedWso2Key(['keystore'])).toBe(true);
    expect(isUnusedWso2Key(['resource'])).toBe(true);
    expect(isUnusedWso2Key(['identity_mgt', 'challenge_questions'])).toBe(true);
    expect(isUnusedWso2Key(['identity_mgt', 'acount_locking'])).toBe(false);
    expect(isUnusedWso2Key(['keystor'])).toBe(false);
  });
});
