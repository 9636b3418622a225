import type { Comparison, ContactCondition, ContactField, Test } from '@rekey/identity';
import type { Email } from './emails.ts';

/** As `searchUsers` has it, for a contact that is being changed and in no database yet. */
export function isSuchContact(contact: Email, condition: ContactCondition): boolean {
  switch (condition.kind) {
    case 'test':
      return passes(contact, condition.test);
    case 'all':
      return condition.of.every((part) => isSuchContact(contact, part));
    case 'any':
      return condition.of.some((part) => isSuchContact(contact, part));
    case 'not':
      return !isSuchContact(contact, condition.of);
  }
}

function passes(contact: Email, test: Test<ContactField>): boolean {
  const { kind } = test.field;
  const value = kind === 'primary' ? String(contact.primary === true) : contact[kind]?.toLowerCase();
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
