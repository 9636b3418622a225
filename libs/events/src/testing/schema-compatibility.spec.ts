import { incompatibilities } from './schema-compatibility.ts';

const colour = { type: 'string', enum: ['red', 'blue'] };
const user = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'], additionalProperties: false };
const released = {
  $id: 'urn:rekey:schema:Thing:1.0',
  type: 'object',
  properties: { name: { type: 'string', maxLength: 63 }, note: { type: 'string' }, colour, channel: { type: 'string', const: 'EMAIL' }, user: { anyOf: [user, { type: 'null' }] }, claims: { type: 'object', additionalProperties: { type: 'string', maxLength: 9 } } },
  required: ['name', 'colour'],
  additionalProperties: false,
};
const { properties } = released;
const changed = (some: object) => ({ ...released, properties: { ...properties, ...some } });
const withUser = (some: object) => changed({ user: { anyOf: [{ ...user, ...some }, { type: 'null' }] } });

describe('a schema is compatible with the released one', () => {
  it.each<[string, object]>([
    ['when nothing but its words has changed', { ...released, $id: 'urn:rekey:schema:Thing:1.1', title: 'Thing', examples: [{}] }],
    ['with one more optional field', changed({ size: { type: 'integer' } })],
    ['with one more optional field further in', withUser({ properties: { ...user.properties, nickname: { type: 'string' } } })],
    ['with one more value', changed({ colour: { ...colour, enum: ['red', 'blue', 'green'] } })],
    ['with one more value beside the only one', changed({ channel: { type: 'string', enum: ['EMAIL', 'SMS'] } })],
    ['with its lists in another order', { ...released, required: ['colour', 'name'] }],
  ])('%s', (_when, current) => {
    expect(incompatibilities(released, { ...current })).toEqual([]);
  });
});

describe('a schema breaks with the released one', () => {
  const { note: _note, ...withoutNote } = properties;
  it.each<[string, object, string]>([
    ['by a field that is gone', { ...released, properties: withoutNote }, 'data.note is gone'],
    ['by a field that is required now', { ...released, required: ['name', 'colour', 'note'] }, 'data.note is required now'],
    ['by a new field that is required', { ...changed({ size: { type: 'integer' } }), required: ['name', 'colour', 'size'] }, 'data.size is required now'],
    ['by a field that may be missing now', { ...released, required: ['name'] }, 'data.colour is no longer required'],
    ['by a value that is gone', changed({ colour: { ...colour, enum: ['red'] } }), 'data.colour is no longer blue'],
    ['by another only value', changed({ channel: { type: 'string', const: 'SMS' } }), 'data.channel is no longer EMAIL'],
    ['by values that were free', changed({ note: { type: 'string', enum: ['a'] } }), 'data.note: enum was not there, and is ["a"]'],
    ['by values that are free now', changed({ colour: { type: 'string' } }), 'data.colour: enum was ["red","blue"], and is not there'],
    ['by another type', changed({ note: { type: 'integer' } }), 'data.note: type was "string", and is "integer"'],
    ['by a tighter bound', changed({ name: { type: 'string', maxLength: 9 } }), 'data.name: maxLength was 63, and is 9'],
    ['by a looser bound, which released readers do not know', changed({ name: { type: 'string', maxLength: 99 } }), 'data.name: maxLength was 63, and is 99'],
    ['by a bound that is new', changed({ note: { type: 'string', minLength: 1 } }), 'data.note: minLength was not there, and is 1'],
    ['by a field that may no longer be null', changed({ user }), 'data.user: anyOf was'],
    ['by something further in', withUser({ required: [] }), 'data.user (anyOf[0]).id is no longer required'],
    ['by what a map holds', changed({ claims: { type: 'object', additionalProperties: { type: 'string', maxLength: 8 } } }), 'data.claims (additionalProperties): maxLength was 9, and is 8'],
    ['by being open', { ...released, additionalProperties: true }, 'data: additionalProperties was false, and is true'],
  ])('%s', (_by, current, told) => {
    const found = incompatibilities(released, { ...current });
    expect(found.some((line) => line.startsWith(told))).toBe(true);
  });
});
