import type { ContactKind } from '../user/contact-claims.ts';

/** What users are found and sorted by. Text is compared without regard to case. */
export type UserField =
  | { readonly kind: 'id' | 'username' | 'created-at' | 'updated-at' }
  /** A claim that is text, a whole number, or a switch: on where it says `true`; `opposite`: on where it does not. */
  | { readonly kind: 'text' | 'number' | 'switch' | 'opposite'; readonly uri: string };

/** Of one of a user's mail addresses, phone numbers or postal addresses; `primary`: of mail addresses, whether mails go there. */
export interface ContactField {
  readonly kind: 'value' | 'type' | 'primary';
}

/** As RFC 7644 section 3.4.2.2 names them. */
export type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

export type Test<Field> =
  | { readonly kind: 'present'; readonly field: Field }
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: Comparison; readonly value: string | number | boolean | Date };

export type Condition<Tested> =
  | { readonly kind: 'test'; readonly test: Tested }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition<Tested>[] }
  | { readonly kind: 'not'; readonly of: Condition<Tested> };

export type ContactCondition = Condition<Test<ContactField>>;
/** `some-contact`: one of the user's of that kind is such. */
export type UserTest = Test<UserField> | { readonly kind: 'some-contact'; readonly of: ContactKind; readonly is: ContactCondition };
export type UserCondition = Condition<UserTest>;
