import { describe, expect, it } from '@jest/globals';
import { containsName, hasOneOf, listOf } from './policy-ticks.ts';

describe('what is ticked off of a policy while one types', () => {
  it.each([
    ['\\d', 'abc1', true],
    ['\\d', 'abc', false],
    ['[a-z]', 'ABC', false],
    ['[A-Z]', 'abC', true],
    ['[!@#$%&*]', 'abc', false],
    ['[!@#$%&*]', 'a%c', true],
    ['[🔑]', 'a🔑', true],
    ['\\d', '', false],
  ])('a character of %s is in "%s": %s', (characters, password, has) => {
    expect(hasOneOf(characters, password)).toBe(has);
  });

  it.each([
    ['[!@#$%&*]', '! @ # $ % & *'],
    ['[^a-z]', ''],
    ['[!-/]', ''],
    ['\\W', ''],
    ['[\\]!]', ''],
  ])('%s is told as "%s"', (characters, list) => {
    expect(listOf(characters)).toBe(list);
  });

  it.each([
    ['my name is Robin', 'robin', true],
    ['ROBIN', 'robin', true],
    ['rob', 'robin', false],
    ['a kim is here', 'kim', false],
    ['Kim', 'kim', true],
    ['robin of 1234', 'robin@example.com', true],
    ['example.com', 'robin@example.com', false],
    ['ame\u0301lie here', 'am\u00e9lie', true],
  ])('"%s" contains the name %s: %s', (password, username, contains) => {
    expect(containsName(password, username)).toBe(contains);
  });
});
