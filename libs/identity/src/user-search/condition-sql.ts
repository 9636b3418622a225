import { addressClaims } from '../user/address-claims.ts';
import { contactClaims, type ContactClaims, type ContactKind } from '../user/contact-claims.ts';
import { canonicalUsername } from '../user/user-name.ts';
import { wso2Claim } from '../user/wso2-claim.ts';
import type { Comparison, Condition, ContactCondition, ContactField, Test, UserCondition, UserField } from './user-condition.ts';

/** Which store has a claim, or `either`: the user store where the identity data store has no value. */
export type ClaimPlace = 'user-store' | 'identity-data' | 'either';

/** What a statement compares: `sql` is null where there is no value. */
interface Operand {
  readonly sql: string;
  readonly present: string;
  /** How the other side is written, and in which form it is compared, where that is not as it came. */
  readonly against: (parameter: string) => string;
  readonly asCompared?: (value: unknown) => unknown;
  /** Whether it stands in `user_account.found_by`. */
  readonly isFoundBy?: boolean;
}

/** Conditions as SQL over `user_account` and `identity_data`; every value, and every claim's URI, is a parameter. */
export class ConditionSql {
  readonly parameters: unknown[] = [];

  constructor(private readonly placeOf: (uri: string) => ClaimPlace) {}

  parameter(value: unknown): string {
    return `$${this.parameters.push(value)}`;
  }

  whole(condition: UserCondition): string {
    return this.combined(condition, (test) => (test.kind === 'some-contact' ? this.someContact(test.of, test.is) : this.test(test, (field) => this.operand(field))));
  }

  /** @returns what rows are sorted by */
  sorting(field: UserField): string {
    return this.operand(field).sql;
  }

  private combined<Tested>(condition: Condition<Tested>, sqlOf: (test: Tested) => string): string {
    switch (condition.kind) {
      case 'test':
        return sqlOf(condition.test);
      case 'all':
      case 'any':
        return condition.of.map((part) => `(${this.combined(part, sqlOf)})`).join(condition.kind === 'all' ? ' AND ' : ' OR ');
      case 'not':
        // What is not known is not so: else its opposite would not be so either.
        return `NOT coalesce(${this.combined(condition.of, sqlOf)}, false)`;
    }
  }

  private test<Field>(test: Test<Field>, operandOf: (field: Field) => Operand): string {
    const { sql, present, against, asCompared, isFoundBy } = operandOf(test.field);
    if (test.kind === 'present') return present;
    const value = asCompared ? asCompared(test.value) : test.value;
    const exactly = comparisons[test.operator](sql, against(this.parameter(value)));
    return isFoundBy && isPart(test.operator) ? `(${this.foundBy(String(value), against)}${exactly})` : exactly;
  }

  /** @returns of whom a part of a name or an address may be, before what must be so besides: an index knows, or for a part that is too short a look at one column, in the place of every claim */
  private foundBy(part: string, against: Operand['against']): string {
    const isShort = [...part].length < shortestPart;
    return isShort ? `position(${against(this.parameter(part))} IN found_by) > 0 AND ` : `found_by LIKE '%' || ${against(this.parameter(escapedPattern(part)))} || '%' AND `;
  }

  private operand(field: UserField): Operand {
    switch (field.kind) {
      case 'id':
        return { sql: 'id::text', present: 'true', against: (value) => `${value}::text` };
      case 'username':
        return { sql: 'username_key', present: 'true', against: (value) => `${value}::text`, asCompared: usernamePart, isFoundBy: true };
      case 'created-at':
        return { sql: 'created_at', present: 'true', against: (value) => `${value}::timestamptz` };
      case 'updated-at':
        return { sql: 'updated_at', present: 'true', against: (value) => `${value}::timestamptz` };
      case 'text': {
        const claim = this.claim(field.uri);
        return { sql: `lower(${claim})`, present: `${claim} IS NOT NULL`, against: lower, isFoundBy: namesFoundBy.has(field.uri) };
      }
      case 'number': {
        const claim = this.claim(field.uri);
        return { sql: `CASE WHEN ${claim} ~ '^[0-9]{1,15}$' THEN (${claim})::bigint END`, present: `${claim} IS NOT NULL`, against: (value) => `${value}::bigint` };
      }
      case 'switch':
      case 'opposite': {
        const claim = this.claim(field.uri);
        const isOn = `coalesce(lower(${claim}), 'false') = 'true'`;
        // Everybody has the opposite; a statement must name each of its parameters.
        return field.kind === 'switch'
          ? { sql: `(${isOn})`, present: `${claim} IS NOT NULL`, against: (value) => `${value}::boolean` }
          : { sql: `(NOT ${isOn})`, present: `(${isOn}) IS NOT NULL`, against: (value) => `${value}::boolean` };
      }
    }
  }

  private claim(uri: string): string {
    const name = `${this.parameter(uri)}::text`;
    const inUserStore = `nullif(user_account.claims ->> ${name}, '')`;
    const inIdentityData = `nullif(identity_data.claims ->> ${name}, '')`;
    const place = this.placeOf(uri);
    return place === 'either' ? `coalesce(${inIdentityData}, ${inUserStore})` : place === 'user-store' ? inUserStore : inIdentityData;
  }

  private someContact(of: ContactKind, is: ContactCondition): string {
    const certain = of === 'emails' ? certainValue(is) : null;
    // An index knows the users of a mail address.
    const known = certain === null ? '' : `addresses @> ARRAY[${lower(this.parameter(certain))}]`;
    if (known && is.kind === 'test') return known;
    const part = of === 'emails' ? certainPart(is) : null;
    // Many may have it: read without a row for each address of theirs.
    if (part !== null && is.kind === 'test' && is.test.kind === 'compare' && is.test.operator === 'co' && !part.includes(lineEnd)) return `(${this.foundBy(part, lower)}position(${lower(this.parameter(part))} IN array_to_string(addresses, E'\\n')) > 0)`;
    const such = this.combined(is, (test) => this.test(test, contactOperand));
    const contacts = `(${of === 'emails' && isOfValuesAlone(is) ? 'SELECT unnest(addresses) AS value' : contactsOfUser[of]}) AS contact`;
    const some = `${known && `${known} AND `}${part === null ? '' : this.foundBy(part, lower)}EXISTS (SELECT FROM ${contacts} WHERE ${such})`;
    // Whoever has none has none that is equal.
    return is.kind === 'test' && is.test.kind === 'compare' && is.test.operator === 'ne' ? `(${some} OR NOT EXISTS (SELECT FROM ${contacts}))` : some;
  }
}

/** Between addresses, none of which has one. */
const lineEnd = '\n';
const namesFoundBy: ReadonlySet<string> = new Set(['displayName', 'givenname', 'lastname'].map(wso2Claim));
/** Of fewer characters no trigram is made. */
const shortestPart = 3;

function isPart(operator: Comparison): boolean {
  return operator === 'co' || operator === 'sw' || operator === 'ew';
}

function escapedPattern(part: string): string {
  return part.replace(/[\\%_]/g, '\\$&');
}

/** Text without regard to case. */
function lower(parameter: string): string {
  return `lower(${parameter}::text)`;
}

const comparisons: Readonly<Record<Comparison, (sql: string, other: string) => string>> = {
  eq: (sql, other) => `${sql} = ${other}`,
  ne: (sql, other) => `${sql} IS DISTINCT FROM ${other}`,
  co: (sql, other) => `position(${other} IN ${sql}) > 0`,
  sw: (sql, other) => `starts_with(${sql}, ${other})`,
  ew: (sql, other) => `right(${sql}, length(${other})) = ${other}`,
  gt: (sql, other) => `${sql} > ${other}`,
  ge: (sql, other) => `${sql} >= ${other}`,
  lt: (sql, other) => `${sql} < ${other}`,
  le: (sql, other) => `${sql} <= ${other}`,
};

const stored = (uri: string) => `nullif(user_account.claims ->> '${uri}', '')`;
const primary = stored(addressClaims.primary);
const typed = (claims: ContactClaims) => `(VALUES ${Object.entries(claims.typed).map(([type, uri]) => `('${type}', ${stored(uri)})`).join(', ')}) AS typed (type, value)`;
const severalIn = ({ others }: ContactClaims) => `unnest(string_to_array(${stored(others)}, ','))`;

/** A row for each, with its type and whether it is the primary one. */
const contactsOfUser: Readonly<Record<ContactKind, string>> = {
  emails: `
  SELECT type, value, value = ${primary} AS "primary" FROM ${typed(contactClaims.emails)} WHERE value IS NOT NULL
  UNION ALL SELECT NULL, ${primary}, true WHERE ${primary} IS NOT NULL AND NOT EXISTS (SELECT FROM ${typed(contactClaims.emails)} WHERE value = ${primary})
  UNION ALL SELECT NULL, ${severalIn(contactClaims.emails)}, false`,
  phoneNumbers: `
  SELECT type, value, false AS "primary" FROM ${typed(contactClaims.phoneNumbers)} WHERE value IS NOT NULL
  UNION ALL SELECT NULL, ${severalIn(contactClaims.phoneNumbers)}, false`,
  addresses: `
  SELECT type, value, false AS "primary" FROM ${typed(contactClaims.addresses)} WHERE value IS NOT NULL
  UNION ALL SELECT NULL, ${stored(contactClaims.addresses.others)}, false WHERE ${stored(contactClaims.addresses.others)} IS NOT NULL`,
};

function contactOperand({ kind }: ContactField): Operand {
  switch (kind) {
    case 'value':
      return { sql: 'lower(contact.value)', present: 'true', against: lower };
    case 'type':
      return { sql: 'contact.type', present: 'contact.type IS NOT NULL', against: lower };
    case 'primary':
      return { sql: 'coalesce(contact."primary", false)', present: 'true', against: (value) => `${value}::boolean` };
  }
}

/** What needs no types is found without making a row of each claim. */
function isOfValuesAlone(is: ContactCondition): boolean {
  switch (is.kind) {
    case 'test':
      return is.test.field.kind === 'value';
    case 'not':
      return isOfValuesAlone(is.of);
    case 'all':
    case 'any':
      return is.of.every(isOfValuesAlone);
  }
}

/** @returns what there must be for the condition to hold; null where there are several that it may be */
function certainValue(is: ContactCondition): string | null {
  if (is.kind === 'test') return is.test.kind === 'compare' && is.test.field.kind === 'value' && is.test.operator === 'eq' ? String(is.test.value) : null;
  return is.kind === 'all' ? (is.of.map(certainValue).find((value) => value !== null) ?? null) : null;
}

/** @returns what must be a part of an address for the condition to hold; null where there is no such */
function certainPart(is: ContactCondition): string | null {
  if (is.kind === 'test') return is.test.kind === 'compare' && is.test.field.kind === 'value' && isPart(is.test.operator) ? String(is.test.value) : null;
  return is.kind === 'all' ? (is.of.map(certainPart).find((part) => part !== null) ?? null) : null;
}

/** A part of a name need not be a name: one may ask for those that contain a blank. */
function usernamePart(value: unknown): string {
  const part = String(value);
  return canonicalUsername(part) ?? part.normalize('NFC').toLowerCase();
}
