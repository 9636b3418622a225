import { createDocument, type oas31, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { cookieName } from '../http/session-cookie.ts';
import { ruleOf } from './accesses.ts';
import { apiNames, apiOf, apis, type Api, type ApiName } from './apis.ts';
import { errorResponses } from './error-response.ts';
import { errorsOf } from './errors-of-operation.ts';
import type { DescribedOperation, DescribedResponse } from './operation.ts';
import type { Route } from './routes.ts';

export type OpenApiDocument = oas31.OpenAPIObject;

const everywhere = 'A field that is `null` is as if it were not there, and one that is not known is refused. Every error has a `traceId`, which stands in the service’s log beside what happened.';

/** The OpenAPI 3.1 documents of the APIs that have routes. */
export function documentsOf(routes: readonly Route[]): ReadonlyMap<ApiName, OpenApiDocument> {
  const documents = apiNames.map((name) => [name, documentOf(apis[name], routes.filter((route) => apiOf(route.path) === name))] as const);
  return new Map(documents.filter(([, { paths }]) => Object.keys(paths ?? {}).length > 0));
}

function documentOf(api: Api, routes: readonly Route[]): OpenApiDocument {
  const { title, version, description, basePath } = api;
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    if (route.operation) (paths[route.path.slice(basePath.length) || '/'] ??= {})[route.method] = { tags: [tagOf(route, api)], ...operationOf(route, route.operation, api) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: { title, version, description: `${description} ${everywhere}` },
    servers: [
      { url: basePath, description: 'Of the tenant carbon.super, or of the one that the request names' },
      { url: `/t/{tenant-domain}${basePath}`, description: 'Of one tenant', variables: { 'tenant-domain': { default: 'carbon.super' } } },
    ],
    paths: paths satisfies ZodOpenApiPathsObject,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        session: { type: 'apiKey', in: 'cookie', name: cookieName, description: 'My Account’s sign-in gives it: `POST /api/rekey/v1/session`. A tenant’s own has `-` and its domain behind the name.' },
      },
    },
  });
}

/** The rest of its controller's path below the API's: `Users`, `me`; the API itself where there is none. */
function tagOf({ controllerPath }: Route, { title, basePath }: Api): string {
  return controllerPath.slice(basePath.length + 1).split('/')[0] || title;
}

function operationOf({ handler, method }: Route, operation: DescribedOperation, { mediaType = 'application/json' }: Api): Omit<ZodOpenApiOperationObject, 'tags'> {
  const { summary, description, access, path, query, headers, body, example, responses } = operation;
  const { by, who } = ruleOf(access);
  const all = Object.entries({ ...errorResponses(errorsOf(operation, method)), ...responses });
  return {
    operationId: handler.replace('.', '_'),
    summary,
    description: description ? `${who} ${description}` : who,
    security: by.map((scheme) => ({ [scheme]: [] })),
    requestParams: { ...(path ? { path } : {}), ...(query ? { query } : {}), ...(headers ? { header: headers } : {}) },
    ...(body ? { requestBody: { required: true, content: { [mediaType]: { schema: body, ...(example === undefined ? {} : { example }) } } } } : {}),
    responses: Object.fromEntries(all.map(([status, response]) => [status, responseOf(response, mediaType)])),
  };
}

function responseOf({ description, body, type }: DescribedResponse, mediaType: string): ZodOpenApiResponseObject {
  return { description, ...(body ? { content: { [type ?? mediaType]: { schema: body } } } : {}) };
}
