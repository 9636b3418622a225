// Writes the JSON Schemas of the version that is being worked on, beside those that were released: `npm run schemas`.
import { mkdir, writeFile } from 'node:fs/promises';
import { eventDataSchemas, jsonSchemaOf, schemaVersion } from './dist/index.js';

const folder = new URL(`schemas/${schemaVersion.major}.${schemaVersion.minor}/`, import.meta.url);
await mkdir(folder, { recursive: true });
for (const type of Object.keys(eventDataSchemas)) await writeFile(new URL(`${type}.json`, folder), `${JSON.stringify(jsonSchemaOf(type), null, 2)}\n`);
