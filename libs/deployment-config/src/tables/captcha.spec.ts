import { load } from '../testing/deployment-texts.ts';

describe('the verifier of challenges', () => {
  it('is a module where the file names one, by a path relative to it', () => {
    expect(load('[captcha]\nverifier = "some-package"\n[captcha.properties]\nretries = 3').config.captcha).toMatchObject({ verifier: 'some-package', properties: { retries: '3' } });
    expect(() => load('[captcha]\nverifier = "./nowhere.mjs"')).toThrow(/captcha\.verifier: there is no file .*nowhere\.mjs/);
  });
});
