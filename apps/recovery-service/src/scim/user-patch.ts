import type { AddressCondition } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, inAnyCase } from '../http/body.ts';
import { ScimError } from '../http/scim-error.ts';
import { isSuchAddress } from './address-match.ts';
import { mostEmails, type Email } from './emails.ts';
import { messageOf } from './message.ts';
import { attributeAt, coreSchema, isObject, schemaAt, spelledValue, type Attribute } from './user-attributes.ts';
import { addressCondition } from './user-filter.ts';

const operation = z.strictObject({ op: inAnyCase(['add', 'remove', 'replace']), path: boundedText(1024).optional(), value: z.unknown().optional() });

export const patchRequest = z.strictObject({
  schemas: messageOf('PatchOp'),
  Operations: z.array(operation).min(1).max(100),
});

type Operation = z.output<typeof operation>;
type Resource = Readonly<Record<string, unknown>>;

/**
 * RFC 7644 section 3.5.2, on a copy.
 * @param mayChange whether the caller may set an attribute
 * @throws ScimError of the first operation that cannot be done; none is, then
 */
export function patched(resource: Resource, operations: readonly Operation[], mayChange: (attribute: Attribute) => boolean): Resource {
  return operations.reduce((current, each) => applied(current, each, mayChange), resource);
}

function applied(resource: Resource, { op, path, value }: Operation, mayChange: (attribute: Attribute) => boolean): Resource {
  const schema = path === undefined ? null : schemaAt(path);
  if (path === undefined || schema) {
    if (op === 'remove') throw new ScimError('noTarget', `Malformed request: path: expected what is to be removed, got ${path ? 'a whole schema' : 'none'}.`);
    if (!isObject(value)) throw new ScimError('invalidValue', 'Malformed request: value: expected an object of attributes where no attribute is named by the path.');
    const given = Object.entries(value).filter(([name]) => schema || !setByServer.includes(name.toLowerCase()));
    return given.reduce((current, [name, part]) => applied(current, { op, path: schema ? `${schema}:${name}` : name, value: part }, mayChange), resource);
  }
  const { attribute, filter } = targetAt(path);
  if (!mayChange(attribute)) throw new ScimError('mutability', `Malformed request: path: "${path}" is read only.`);
  // RFC 7643 section 2.5: no value and null are the same.
  const isRemoved = op === 'remove' || value === null || (op === 'replace' && Array.isArray(value) && value.length === 0);
  if (value === undefined && !isRemoved) throw new ScimError('invalidValue', 'Malformed request: value: expected one.');
  return withChange(resource, attribute, filter, { op: isRemoved ? 'remove' : op, value: spelledValue(attribute, op === 'remove' || !isRemoved ? value : undefined), path });
}

function withChange(resource: Resource, attribute: Attribute, filter: AddressCondition | null, change: Change): Resource {
  const { schema, name, subName } = attribute;
  // A switch that is missing stays as it is: one that is removed is off, and whoever is not said to be inactive is active.
  if (attribute.field?.kind === 'switch' && change.op === 'remove') return withChange(resource, attribute, filter, { ...change, op: 'replace', value: false });
  if (attribute.field?.kind === 'opposite' && change.op === 'remove') return withChange(resource, attribute, filter, { ...change, op: 'replace', value: true });
  if (schema !== coreSchema) return { ...resource, [schema]: withAttribute(objectIn(resource[schema]), attribute, change) };
  if (name !== 'emails') return withAttribute(resource, attribute, change);
  const { emails: present } = resource;
  return { ...resource, emails: changedEmails(present === undefined ? [] : listOf(present), subName, filter, change) };
}

/** @param whole the resource, or an extension's part of it */
function withAttribute(whole: Resource, { name, subName }: Attribute, change: Change): Resource {
  const present = whole[name];
  if (subName !== null) return { ...whole, [name]: withPart(present, subName, change) };
  // Of a complex attribute, the parts that are not named stay.
  const isMerged = change.op !== 'remove' && isObject(change.value) && isObject(present);
  return isMerged ? { ...whole, [name]: { ...present, ...objectIn(change.value) } } : withPart(whole, name, change);
}

/** What whole resources say of themselves: clients that patch with one do not mean to change it. */
const setByServer: readonly string[] = ['schemas', 'id', 'meta'];

interface Change {
  readonly op: Operation['op'];
  readonly value: unknown;
  readonly path: string;
}

function targetAt(path: string): { readonly attribute: Attribute; readonly filter: AddressCondition | null } {
  const bracket = path.indexOf('[');
  if (bracket < 0) {
    const attribute = attributeAt(path);
    if (!attribute) throw invalidPath(path);
    return { attribute, filter: null };
  }
  const [, filter = '', part = ''] = /^\[(.+)\](\.[A-Za-z]+)?$/su.exec(path.slice(bracket)) ?? [];
  const attribute = attributeAt(path.slice(0, bracket) + part);
  if (!filter || attribute?.name !== 'emails' || attributeAt(path.slice(0, bracket))?.path !== 'emails') throw invalidPath(path);
  return { attribute, filter: addressCondition(filter) };
}

function changedEmails(present: readonly unknown[], subName: string | null, filter: AddressCondition | null, change: Change): readonly unknown[] {
  const { op, value, path } = change;
  if (filter === null && subName === null) {
    const given = listOf(value).map(asEntry);
    if (given.length > mostEmails) throw new ScimError('invalidValue', `Malformed request: emails: expected at most ${mostEmails}.`);
    if (op === 'replace') return given;
    if (op === 'add') return [...present, ...given.filter((entry) => !present.some((other) => isSame(other, entry)))];
    return value === undefined ? [] : present.filter((other) => !given.some((entry) => isSame(other, entry)));
  }
  const isMeant = (entry: unknown) => filter === null || (isEmail(entry) && isSuchAddress(entry, filter));
  if (op === 'remove' && subName === null) return present.filter((entry) => !isMeant(entry));
  if (op !== 'remove' && !present.some(isMeant)) {
    const made = op === 'add' && filter ? addressSaidBy(filter) : null;
    if (!made) throw new ScimError('noTarget', `Malformed request: path: nothing matches "${path}".`);
    return [...present, subName === null ? { ...made, ...objectIn(value) } : { ...made, [subName]: value }];
  }
  return present.map((entry) => (!isMeant(entry) ? entry : subName === null ? { ...objectIn(entry), ...objectIn(value) } : withPart(entry, subName, change)));
}

/** Clients add the address of a type by its path, whether there is one or not: the filter says what the new one is. */
function addressSaidBy(filter: AddressCondition): Record<string, unknown> | null {
  const isSaid = filter.kind === 'test' && filter.test.kind === 'compare' && filter.test.operator === 'eq';
  return isSaid ? { [filter.test.field.kind]: filter.test.value } : null;
}

function isSame(one: unknown, other: unknown): boolean {
  return isEmail(one) && isEmail(other) && one.value.toLowerCase() === other.value.toLowerCase() && (other.type === undefined || other.type === one.type);
}

/** What earlier operations put there is checked when all are done. */
function isEmail(entry: unknown): entry is Email {
  return isObject(entry) && typeof entry['value'] === 'string' && ['string', 'undefined'].includes(typeof entry['type']);
}

/** WSO2 writes an address without a type as plain text. */
function asEntry(given: unknown): unknown {
  return typeof given === 'string' ? { value: given } : given;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function withPart(whole: unknown, name: string, { op, value }: Change): Record<string, unknown> {
  return { ...objectIn(whole), [name]: op === 'remove' ? undefined : value };
}

function objectIn(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function invalidPath(path: string): ScimError {
  return new ScimError('invalidPath', `Malformed request: path: there is no attribute "${path}".`);
}
