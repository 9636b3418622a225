// Writes the types of the APIs that the Console asks, from the OpenAPI documents that the recovery service serves.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { documentsOf } from '../../apps/recovery-service/dist/api-docs/document.js';
import { routesOf } from '../../apps/recovery-service/dist/api-docs/routes.js';
import { httpDoors } from '../../apps/recovery-service/dist/recovery-service.module.js';

const asked = ['rekey-v1', 'identity-governance', 'email-templates', 'scim2', 'tenants'];

/** @param {string} folder */
export async function writeApiTypes(folder) {
  const documents = documentsOf(routesOf(httpDoors));
  await mkdir(folder, { recursive: true });
  for (const name of asked) await writeFile(path.join(folder, `${name}.d.ts`), astToString(await openapiTS(JSON.stringify(documents.get(name)))));
}
