import { readFileSync } from 'node:fs';
import { knownKeysAt } from './schema.ts';
import { load } from './testing/deployment-texts.ts';
import { wso2Deployment } from './testing/wso2-deployment.ts';
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

  it('and change what recovery does are named in docs/configuration.md', () => {
    const [warning = ''] = load(wso2Deployment, { WSO2_ADMIN_PASSWORD: 'a', WSO2_MAIL_PASSWORD: 'b' }).warnings;
    const keys = Array.from(warning.matchAll(/identity_mgt\.([a-z0-9_.]+)/g), ([, key = '']) => key);
    const docs = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    const [, section = ''] = docs.split('## What WSO2\'s file may ask for');
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => !section.includes(`\`${key}`) && !section.includes(`\`${key.split('.').at(-1) ?? ''}\``))).toEqual([]);
  });
});
