import type { ContactCondition, ContactKind } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, inAnyCase } from '../http/body.ts';
import { ScimError } from '../http/scim-error.ts';
import { isSuchContact } from './contact-match.ts';
import { contactKinds, mostContacts, textPart } from './contacts.ts';
import type { Email } from './emails.ts';
import { messageOf } from './message.ts';
import { attributeAt, attributes, coreSchema, isObject, schemaAt, spelledValue, type Attribute, type Schema } from './user-attributes.ts';
import { contactCondition } from './user-filter.ts';

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
    if (op === 'remove') return withoutExtension(resource, schema, mayChange);
    if (!isObject(value)) throw new ScimError('invalidValue', 'Malformed request: value: expected an object of attributes where no attribute is named by the path.');
    const given = Object.entries(value).filter(([name]) => !setByServer.includes(name.toLowerCase()));
    return given.reduce((current, [name, part]) => applied(current, { op, path: schema ? `${schema}:${name}` : name, value: part }, mayChange), resource);
  }
  const { attribute, filter } = targetAt(path);
  if (!mayChange(attribute)) throw new ScimError('mutability', `Malformed request: path: "${path}" is read only.`);
  // RFC 7643 section 2.5: no value and null are the same.
  const isRemoved = op === 'remove' || value === null || (op === 'replace' && Array.isArray(value) && value.length === 0);
  if (value === undefined && !isRemoved) throw new ScimError('invalidValue', 'Malformed request: value: expected one.');
  return withChange(resource, attribute, filter, { op: isRemoved ? 'remove' : op, value: spelledValue(attribute, op === 'remove' || !isRemoved ? value : undefined), path });
}

/** @throws ScimError also where it is no extension that is to go */
function withoutExtension(resource: Resource, schema: Schema | null, mayChange: (attribute: Attribute) => boolean): Resource {
  if (schema === null || schema === coreSchema) throw new ScimError('noTarget', `Malformed request: path: expected what is to be removed, got ${schema ? 'a whole user' : 'none'}.`);
  const removed = attributes.filter((attribute) => attribute.schema === schema && attribute.subName === null && attribute.mutability === 'readWrite');
  return removed.reduce((current, { path }) => applied(current, { op: 'remove', path }, mayChange), resource);
}

function withChange(resource: Resource, attribute: Attribute, filter: ContactCondition | null, change: Change): Resource {
  const { schema, name, subName } = attribute;
  // A switch that is missing stays as it is: one that is removed is off, and whoever is not said to be inactive is active.
  if (attribute.field?.kind === 'switch' && change.op === 'remove') return withChange(resource, attribute, filter, { ...change, op: 'replace', value: false });
  if (attribute.field?.kind === 'opposite' && change.op === 'remove') return withChange(resource, attribute, filter, { ...change, op: 'replace', value: true });
  if (schema !== coreSchema) return { ...resource, [schema]: withAttribute(objectIn(resource[schema]), attribute, change) };
  const kind = contactKinds.find((each) => each === name);
  if (!kind) return withAttribute(resource, attribute, change);
  const present = resource[kind];
  return { ...resource, [kind]: changedContacts(kind, present === undefined ? [] : listOf(present), subName, filter, change) };
}

/** @param whole the resource, or an extension's part of it */
function withAttribute(whole: Resource, { name, subName }: Attribute, change: Change): Resource {
  const present = whole[name];
  if (subName !== null) return { ...whole, [name]: withPart(present, subName, change) };
  // Of a complex attribute, the parts that are not named stay.
  const isMerged = change.op !== 'remove' && isObject(change.value) && isObject(present);
  return isMerged ? { ...whole, [name]: { ...present, ...objectIn(change.value) } } : withPart(whole, name, change);
}

/** What whole resources, and whole extensions, say of themselves: clients that patch with one do not mean to change it. */
const setByServer: readonly string[] = ['schemas', 'id', 'meta'];

interface Change {
  readonly op: Operation['op'];
  readonly value: unknown;
  readonly path: string;
}

function targetAt(path: string): { readonly attribute: Attribute; readonly filter: ContactCondition | null } {
  const bracket = path.indexOf('[');
  if (bracket < 0) {
    const attribute = attributeAt(path);
    if (!attribute) throw invalidPath(path);
    return { attribute, filter: null };
  }
  const [, filter = '', part = ''] = /^\[(.+)\](\.[A-Za-z]+)?$/su.exec(path.slice(bracket)) ?? [];
  const attribute = attributeAt(path.slice(0, bracket) + part);
  const kind = contactKinds.find((each) => each === attributeAt(path.slice(0, bracket))?.path);
  if (!filter || !attribute || !kind) throw invalidPath(path);
  return { attribute, filter: contactCondition(kind, filter) };
}

function changedContacts(kind: ContactKind, present: readonly unknown[], subName: string | null, filter: ContactCondition | null, change: Change): readonly unknown[] {
  const { op, value, path } = change;
  if (filter === null && subName === null) {
    const given = listOf(value).map((each) => asEntry(kind, each));
    if (given.length > mostContacts) throw new ScimError('invalidValue', `Malformed request: ${kind}: expected at most ${mostContacts}.`);
    if (op === 'replace') return given;
    if (op === 'add') return [...present, ...given.filter((entry) => !present.some((other) => isSame(kind, other, entry)))];
    return value === undefined ? [] : present.filter((other) => !given.some((entry) => isSame(kind, other, entry)));
  }
  const isMeant = (entry: unknown) => {
    const contact = contactIn(kind, entry);
    return filter === null || (contact !== null && isSuchContact(contact, filter));
  };
  if (op === 'remove' && subName === null) return present.filter((entry) => !isMeant(entry));
  if (op !== 'remove' && !present.some(isMeant)) {
    const made = op === 'add' && filter ? entrySaidBy(kind, filter) : null;
    if (!made) throw new ScimError('noTarget', `Malformed request: path: nothing matches "${path}".`);
    return [...present, subName === null ? { ...made, ...objectIn(value) } : { ...made, [subName]: value }];
  }
  return present.map((entry) => (!isMeant(entry) ? entry : subName === null ? { ...objectIn(entry), ...objectIn(value) } : withPart(entry, subName, change)));
}

/** Clients add the address of a type by its path, whether there is one or not: the filter says what the new one is. */
function entrySaidBy(kind: ContactKind, filter: ContactCondition): Record<string, unknown> | null {
  if (filter.kind !== 'test' || filter.test.kind !== 'compare' || filter.test.operator !== 'eq') return null;
  const { field, value } = filter.test;
  return { [field.kind === 'value' ? textPart[kind] : field.kind]: value };
}

function isSame(kind: ContactKind, one: unknown, other: unknown): boolean {
  const [first, second] = [contactIn(kind, one), contactIn(kind, other)];
  return first !== null && second !== null && first.value.toLowerCase() === second.value.toLowerCase() && (second.type === undefined || second.type === first.type);
}

/** @returns null for what is none: what earlier operations put there is checked when all are done */
function contactIn(kind: ContactKind, entry: unknown): Email | null {
  if (!isObject(entry)) return null;
  const { [textPart[kind]]: value, type, primary } = entry;
  if (typeof value !== 'string' || (type !== undefined && typeof type !== 'string')) return null;
  return { value, type, primary: primary === true };
}

/** WSO2 writes an address without a type as plain text. */
function asEntry(kind: ContactKind, given: unknown): unknown {
  return typeof given === 'string' ? { [textPart[kind]]: given } : given;
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
