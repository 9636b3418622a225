import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { apiNames, apis } from '../api-docs/apis.ts';
import { documentsOf } from '../api-docs/document.ts';
import { routesOf } from '../api-docs/routes.ts';
import { httpDoors } from '../recovery-service.module.ts';

/** A JSON Schema, as far as requests are made from it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  /** `false`: must not be there. */
  readonly properties?: Readonly<Record<string, Schema | false>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

/** An operation of a document. */
export interface DocumentedOperation {
  readonly api: string;
  readonly method: string;
  /** With the API's own before it: `/api/rekey/v1/users/{id}/sessions`. */
  readonly path: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}

type Item = Readonly<Record<string, Omit<DocumentedOperation, 'api' | 'method' | 'path'>>>;
interface Document {
  readonly paths: Readonly<Record<string, Item>>;
}

// As clients get them: what JSON leaves out is not in them.
const documents = new Map(Object.entries(JSON.parse(JSON.stringify(Object.fromEntries(documentsOf(routesOf(httpDoors))))) as Readonly<Record<string, Document>>));
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
for (const [name, document] of documents) ajv.addSchema(document, name);

export const operations: readonly DocumentedOperation[] = apiNames.flatMap((api) =>
  Object.entries(documents.get(api)?.paths ?? {}).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ ...operation, api, method, path: apis[api].basePath + (path === '/' ? '' : path) }))),
);

/** @param $ref within the document of that API */
export function referredSchema(api: string, $ref: string): Schema {
  return $ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, step) => (at as Readonly<Record<string, unknown>>)[step], documents.get(api)) as Schema;
}

/**
 * Wherein an answer is not as its document has it.
 * @param address as it was asked for, with the tenant and the query
 * @returns null where it is, and where no operation is there
 */
export function disagreement(method: string, address: string, { status, headers, text }: { readonly status: number; readonly headers: Headers; readonly text: string }): string | null {
  const operation = operationAt(method.toLowerCase(), address);
  if (!operation) return null;
  const response = operation.responses[status];
  const told = `${method} ${address} answered ${status} ${text.slice(0, 300)}`;
  if (!response) return `${told}: the document of ${operation.api} has no such status`;
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const [[documentedType = '', _schema] = []] = Object.entries(response.content ?? {});
  if (text === '' && (documentedType === '' || documentedType === 'text/plain')) return null;
  if (type !== documentedType) return `${told}: expected ${documentedType || 'no body'}, got ${type}`;
  const validate = validatorOf(operation, status, documentedType);
  return validate(documentedType.startsWith('text/') ? text : JSON.parse(text)) ? null : `${told}: ${ajv.errorsText(validate.errors)}`;
}

function operationAt(method: string, address: string): DocumentedOperation | undefined {
  const segments = (address.split('?', 1)[0] ?? '').replace(/^\/t\/[^/]+(?=\/)/, '').split('/');
  const candidates = operations.filter((operation) => operation.method === method && matches(operation.path.split('/'), segments));
  // A name of a path's own wins over a parameter, as in the router.
  return candidates.sort((one, other) => one.path.split('{').length - other.path.split('{').length)[0];
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return template.length === segments.length && template.every((part, index) => part === segments[index] || (part.startsWith('{') && segments[index] !== ''));
}

function validatorOf({ api, method, path }: DocumentedOperation, status: number, type: string): ValidateFunction {
  const own = path.slice(apis[api as keyof typeof apis].basePath.length) || '/';
  const pointer = ['paths', own, method, 'responses', String(status), 'content', type, 'schema'].map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const validate = ajv.getSchema(`${api}#/${pointer}`);
  if (!validate) throw new Error(`no schema at ${pointer}`);
  return validate;
}
