import { matchesInTime } from './pattern-match.ts';

describe("an operator's pattern", () => {
  it.each([['Password1!', true], ['password', false], ['', false]])('matches %j as it always does: %s', (text, isMatch) => {
    expect(matchesInTime(/^(?:(?=.*\d)(?=.*[A-Z]).{8,100})$/u, text)).toBe(isMatch);
  });

  it.each(['(a+)+', '(?:a|aa)*', '(.*)*x'])('that would take years to say no says it at once: %s', (source) => {
    expect(matchesInTime(new RegExp(`^(?:${source})$`, 'u'), `${'a'.repeat(60)}!`)).toBe(false);
  });
});
