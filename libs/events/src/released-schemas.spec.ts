import { readdir, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { eventDataSchemas, isEventType, schemaVersion } from './event-data.ts';
import { eventExamples } from './event-examples.ts';
import { jsonSchemaOf, type JsonSchema } from './event-schema.ts';
import { incompatibilities } from './testing/schema-compatibility.ts';

const types = Object.keys(eventDataSchemas).filter(isEventType);
const folder = new URL('../schemas/', import.meta.url);
const present = `${schemaVersion.major}.${schemaVersion.minor}`;
const releasedSchema = async (version: string, type: string) => JSON.parse(await readFile(new URL(`${version}/${type}.json`, folder), 'utf8')) as JsonSchema;
const releasedTypes = async (version: string) => (await readdir(new URL(`${version}/`, folder))).map((name) => name.replace(/\.json$/, ''));

describe('the schema of each type', () => {
  it.each(types)('of %s fits its example, as the reader does', (type) => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    expect([ajv.validate(jsonSchemaOf(type), eventExamples[type]), ajv.errors]).toEqual([true, null]);
    expect(eventDataSchemas[type].safeParse(eventExamples[type]).success).toBe(true);
  });

  it(`is kept as version ${present} has it: npm run schemas writes it down, and where ${present} was released, the minor version rises first`, async () => {
    expect((await releasedTypes(present)).sort()).toEqual([...types].sort());
    for (const type of types) expect([type, await releasedSchema(present, type)]).toEqual([type, JSON.parse(JSON.stringify(jsonSchemaOf(type)))]);
  });

  it('is compatible with every version of this major one that was released', async () => {
    const versions = (await readdir(folder)).filter((version) => version.startsWith(`${schemaVersion.major}.`));
    expect(versions).toContain(present);
    for (const version of versions) {
      for (const type of await releasedTypes(version)) expect([version, type, isEventType(type) ? incompatibilities(await releasedSchema(version, type), jsonSchemaOf(type)) : ['is gone']]).toEqual([version, type, []]);
    }
  });
});
