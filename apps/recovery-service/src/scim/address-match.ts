import type { AddressCondition, AddressField, Comparison, Test } from '@rekey/identity';
import type { Email } from './emails.ts';

/** As `searchUsers` has it, for an address that is being changed and in no database yet. */
export function isSuchAddress(email: Email, condition: AddressCondition): boolean {
  switch (condition.kind) {
    case 'test':
      return passes(email, condition.test);
    case 'all':
      return condition.of.every((part) => isSuchAddress(email, part));
    case 'any':
      return condition.of.some((part) => isSuchAddress(email, part));
    case 'not':
      return !isSuchAddress(email, condition.of);
  }
}

function passes(email: Email, test: Test<AddressField>): boolean {
  const { kind } = test.field;
  const value = kind === 'primary' ? String(email.primary === true) : email[kind]?.toLowerCase();
  if (test.kind === 'present') return value !== undefined;
  const other = String(test.value).toLowerCase();
  return value === undefined ? test.operator === 'ne' : comparisons[test.operator](value, other);
}

const comparisons: Readonly<Record<Comparison, (value: string, other: string) => boolean>> = {
  eq: (value, other) => value === other,
  ne: (value, other) => value !== other,
  co: (value, other) => value.includes(other),
  sw: (value, other) => value.startsWith(other),
  ew: (value, other) => value.endsWith(other),
  gt: (value, other) => value > other,
  ge: (value, other) => value >= other,
  lt: (value, other) => value < other,
  le: (value, other) => value <= other,
};
