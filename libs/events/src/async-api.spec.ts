import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApiDocument } from './async-api.ts';
import { eventDataSchemas } from './event-data.ts';
import { eventExamples } from './event-examples.ts';
import { aPublisher } from './testing/a-publisher.ts';

const document = JSON.parse(JSON.stringify(asyncApiDocument())) as ReturnType<typeof asyncApiDocument>;
const ajv = new Ajv({ strict: false, validateFormats: true });
addFormats.default(ajv);

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3.0', async () => {
    const published = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
    const validate = ajv.compile(JSON.parse(await readFile(published, 'utf8')) as object);
    expect([validate(document), validate.errors]).toEqual([true, null]);
  });

  it('has every type on one topic', () => {
    const told = Object.values(document.channels).flatMap(({ messages }) => Object.keys(messages));
    expect(told.sort()).toEqual(Object.keys(eventDataSchemas).sort());
  });

  it('has the headers of an event as it is written', () => {
    const { writer } = aPublisher();
    const data = eventExamples.RecoveryVoided;
    const { headers } = writer.record(writer.event('RecoveryVoided', data.user.id, data));
    const message = document.components.messages['RecoveryVoided'] as unknown as { headers: object };
    expect([ajv.validate(message.headers, headers), ajv.errors]).toEqual([true, null]);
  });
});
