import { requirementsOf } from './pattern-requirements.ts';

const kindsOf = (pattern: string) => requirementsOf(pattern).requirements.map(({ kind, characters }) => `${kind} ${characters}`);

describe('what a password pattern asks for', () => {
  it.each([
    ['^((?=.*\\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[!@#$%&*])).{0,100}$', ['digit \\d', 'lowercase [a-z]', 'uppercase [A-Z]', 'special [!@#$%&*]'], true],
    ['^(?=.*\\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[!@#$%&*]).*$', ['digit \\d', 'lowercase [a-z]', 'uppercase [A-Z]', 'special [!@#$%&*]'], true],
    ['(?=.*?[0-9])(?=.*[^a-zA-Z0-9]).+', ['digit [0-9]', 'special [^a-zA-Z0-9]'], true],
    ['(?=.*[\\]\\-])(?=.*[A-Z]).*', ['special [\\]\\-]', 'uppercase [A-Z]'], true],
    ['(?=.*\\d).{8,20}', ['digit \\d'], true],
    ['((?=.*\\d)|x).*', [], false],
    ['(?=.*\\d).*|x', [], false],
    ['(?=.*[a-zA-Z])(?=.*\\d).*', [], false],
    ['(?=.*\\d)(?!.*password).*', ['digit \\d'], false],
    ['[a-z]+', [], false],
    ['.*', [], true],
    ['', [], false],
  ])('%s is %j, all of it: %s', (pattern, kinds, isAll) => {
    expect([kindsOf(pattern), requirementsOf(pattern).isAll]).toEqual([kinds, isAll]);
  });

  it.each([
    ['.*', 0, Infinity],
    ['.+', 1, Infinity],
    ['.{8}', 8, 8],
    ['.{8,}', 8, Infinity],
    ['^(?=.*\\d).{8,20}$', 8, 20],
    ['[a-z]{8,20}', 0, Infinity],
  ])('%s is from %d to %d characters long', (pattern, minLength, maxLength) => {
    expect(requirementsOf(pattern)).toMatchObject({ minLength, maxLength });
  });

  it('of one that ends nowhere near is nothing, at once', () => {
    expect(requirementsOf(`(?=.*${'[a'.repeat(10_000)}`)).toMatchObject({ requirements: [], isAll: false });
  });
});
