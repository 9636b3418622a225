import { addressClaims, type Comparison, type Condition, type ContactCondition, type ContactField, type ContactKind, type Test, type UserCondition, type UserField, type UserTest } from '@rekey/identity';
import { parse, type Compare, type Filter, type Suffix } from 'scim2-parse-filter';
import { ScimError } from '../http/scim-error.ts';
import { contactKinds, textPart } from './contacts.ts';
import { attributeAt } from './user-attributes.ts';

/** What WSO2's clients write without quotes: `userName Eq kim`. It is a text; what has another meaning, its field tells. */
const bareValue = /(\s(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)(?!null(?:[\s()[\]]|$))([^\s()[\]"]+)/gi;
const longestFilter = 2_048;
/** Comparisons, brackets and words between them. */
const mostTerms = 64;

/** @throws ScimError invalidFilter, saying what was expected */
export function userCondition(filter: string): UserCondition {
  return read<UserTest>(filter, (term, literals) => {
    if (term.op === '[]') {
      const of = contactKinds.find((kind) => kind === attributeAt(term.attrPath)?.path);
      if (!of) throw invalid(`"${term.attrPath}[" needs an attribute of many values: ${contactKinds.join(', ')}`);
      return { kind: 'test', test: { kind: 'some-contact', of, is: combined(term.valFilter, (inner) => contactTest(of, inner, literals)) } };
    }
    const attribute = attributeAt(term.attrPath);
    if (!attribute?.field) throw invalid(`users are not found by "${term.attrPath}"`);
    if (attribute.field.kind !== 'contact') return testOf(attribute.field, term, literals);
    const { of, part } = attribute.field;
    return { kind: 'test', test: { kind: 'some-contact', of, is: testOf({ kind: part }, term, literals) } };
  });
}

/** @param filter on the parts of one of them, as in `emails[type eq "work"]` */
export function contactCondition(of: ContactKind, filter: string): ContactCondition {
  return read(filter, (term, literals) => contactTest(of, term, literals));
}

function contactTest(of: ContactKind, term: Term, literals: readonly string[]): ContactCondition {
  const field = term.op === '[]' ? null : (attributeAt(`${of}.${term.attrPath}`)?.field ?? null);
  if (term.op === '[]' || field?.kind !== 'contact') throw invalid(`one of ${of} has no "${term.attrPath}", but "${textPart[of]}" and "type"`);
  return testOf({ kind: field.part }, term, literals);
}

type Term = Exclude<Filter, { op: 'and' | 'or' } | { op: 'not' }>;

/**
 * The library finds the structure alone. It reads texts other than JSON does, and takes exponential time for one that does not end: each
 * is replaced by its number before it comes to see them.
 */
function read<Tested>(filter: string, testOf: (term: Term, literals: readonly string[]) => Condition<Tested>): Condition<Tested> {
  if (filter.length > longestFilter) throw invalid(`it has more than ${longestFilter} characters`);
  const literals: string[] = [];
  const bare = filter.replace(/"(?:[^"\\]|\\.)*"/gsu, (literal) => `"${literals.push(textOf(literal)) - 1}"`);
  if (/^(?:[^"]|"\d+")*$/.test(bare) === false) throw invalid('a text does not end');
  const quoted = bare.replace(bareValue, (_, operator: string, value: string) => `${operator}"${literals.push(textOf(JSON.stringify(value))) - 1}"`);
  if ((quoted.match(/[[(]|\b(?:and|or|not)\b/gi)?.length ?? 0) > mostTerms) throw invalid(`it has more than ${mostTerms} parts`);
  return combined(parsed(quoted), (term) => testOf(term, literals));
}

function parsed(filter: string): Filter {
  try {
    return parse(filter);
  } catch {
    throw invalid('it cannot be read');
  }
}

function textOf(literal: string): string {
  try {
    const text: unknown = JSON.parse(literal);
    if (typeof text === 'string' && /^[^\0\p{Surrogate}]*$/u.test(text)) return text;
  } catch {
    // Said below, as for text that no user can have.
  }
  throw invalid(`${literal} is no JSON text`);
}

function combined<Tested>(filter: Filter, testOf: (term: Term) => Condition<Tested>): Condition<Tested> {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { kind: filter.op === 'and' ? 'all' : 'any', of: filter.filters.map((part) => combined(part, testOf)) };
    case 'not':
      return { kind: 'not', of: combined(filter.filter, testOf) };
    default:
      return testOf(filter);
  }
}

const inOrder: readonly Comparison[] = ['gt', 'ge', 'lt', 'le'];
const inText: readonly Comparison[] = ['co', 'sw', 'ew'];

function testOf<Field extends UserField | ContactField>(field: Field, term: Compare | Suffix, literals: readonly string[]): Condition<Test<Field>> {
  const present = { kind: 'test', test: { kind: 'present', field } } as const;
  if (term.op === 'pr') return present;
  const { op: operator, compValue, attrPath } = term;
  const value = typeof compValue === 'string' ? (literals[Number(compValue)] ?? '') : compValue;
  if (value === null) {
    if (operator === 'eq') return { kind: 'not', of: present };
    if (operator === 'ne') return present;
    throw invalid(`"${attrPath} ${operator} null" means nothing`);
  }
  return { kind: 'test', test: { kind: 'compare', field, operator, value: comparable(field, operator, value, attrPath) } };
}

/** @returns the value, of the type that the field has */
function comparable({ kind }: UserField | ContactField, operator: Comparison, value: string | number | boolean, path: string): string | number | boolean | Date {
  const expected = (what: string) => invalid(`"${path} ${operator}" needs ${what}`);
  switch (kind) {
    case 'switch':
    case 'opposite':
    case 'primary': {
      if (inOrder.includes(operator) || inText.includes(operator)) throw invalid(`"${path}" is true or false: it is compared by eq and ne`);
      const isOn = typeof value === 'string' ? { true: true, false: false }[value.toLowerCase()] : value;
      if (typeof isOn !== 'boolean') throw expected('true or false');
      return isOn;
    }
    case 'number': {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      if (!Number.isSafeInteger(number) || inText.includes(operator)) throw expected('a whole number, and eq, ne, gt, ge, lt or le');
      return number;
    }
    case 'created-at':
    case 'updated-at': {
      const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) ? new Date(value) : null;
      if (!time || Number.isNaN(time.getTime()) || inText.includes(operator)) throw expected('a time, as in "2026-11-25T10:00:00Z", and eq, ne, gt, ge, lt or le');
      return time;
    }
    default:
      if (typeof value !== 'string') throw expected('a text in double quotes');
      // WSO2 names a user store before a user: there is this one.
      return kind === 'username' ? value.replace(/^PRIMARY\//i, '') : value;
  }
}

/** @throws ScimError invalidValue where users cannot be sorted by it */
export function sortField(path: string): UserField {
  const field = attributeAt(path)?.field;
  if (!field || (field.kind === 'contact' && (field.of !== 'emails' || field.part !== 'value'))) throw new ScimError('invalidValue', `Malformed request: sortBy: users are not sorted by "${path}".`);
  // RFC 7644 section 3.4.2.3: of several values, the primary one counts.
  return field.kind === 'contact' ? { kind: 'text', uri: addressClaims.primary } : field;
}

function invalid(what: string): ScimError {
  return new ScimError('invalidFilter', `Malformed request: filter: ${what}.`);
}
