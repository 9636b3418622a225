// Writes the types of the APIs that the pages ask, from the OpenAPI documents that the recovery service serves: for the type check and
// the linter, as no bundle has them.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { outdated, stamp } from './build.mjs';
import { prepare, root } from './prepare.mjs';

const asked = ['rekey-v1', 'identity-governance', 'email-templates', 'scim2', 'tenants'];
const folder = path.join(root, 'libs/web/src/api/generated');
const service = path.join(root, 'apps/recovery-service/dist');
/** Where the schemas of requests and answers are. */
const described = ['apps/recovery-service', 'libs/events', 'libs/governance', 'libs/identity'].map((folder) => path.join(root, folder, 'dist/.built'));

/** Where they are older than what they are made from, which must have been built. */
export async function writeApiTypes() {
  if (!(await outdated(folder, [...described, path.join(root, 'tools/run/write-api-types.mjs')]))) return;
  // Only now: on a fresh checkout there was nothing to load before.
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const built = async (name) => import(pathToFileURL(path.join(service, name)).href);
  const [{ documentsOf }, { routesOf }, { httpDoors }] = await Promise.all(['api-docs/document.js', 'api-docs/routes.js', 'recovery-service.module.js'].map(built));
  const documents = documentsOf(routesOf(httpDoors));
  await mkdir(folder, { recursive: true });
  for (const name of asked) await writeFile(path.join(folder, `${name}.d.ts`), astToString(await openapiTS(JSON.stringify(documents.get(name)))));
  await stamp(folder);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await prepare({ web: false });
  await writeApiTypes();
}
