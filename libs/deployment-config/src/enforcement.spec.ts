import { isChecked } from './enforcement.ts';
import { load } from './testing/deployment-texts.ts';

describe('the password policy', () => {
  const off = '[[event_handler]]\nname = "passwordPolicy"\nenable = false\n';
  const legacy = '[event.default_listener.identity_mgt]\nenable = true\n';
  const ungoverned = '[event.default_listener.governance_identity_mgt]\nenable = false\n';

  it.each([
    ['by its handler', '', true],
    ['by nobody where that is off', off, false],
    ['by identity_mgt all the same', off + legacy, true],
    ['by identity_mgt alone', ungoverned + legacy, true],
    ['by nobody where both managers are off', ungoverned, false],
  ])('is enforced %s', (_how, toml, isEnforced) => {
    expect(isChecked('passwordPolicy', load(toml).config)).toBe(isEnforced);
  });
});
