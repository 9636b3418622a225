import 'reflect-metadata';
import { Validator } from '@seriousme/openapi-schema-validator';
import { httpDoors } from '../recovery-service.module.ts';
import { apiOf } from './apis.ts';
import { documentsOf } from './document.ts';
import { routesOf } from './routes.ts';

const routes = routesOf(httpDoors);
const documents = documentsOf(routes);

describe('every route', () => {
  it('is described', () => {
    expect(routes.filter(({ operation }) => !operation).map(({ handler }) => handler)).toEqual([]);
  });

  it('belongs to one of the APIs', () => {
    expect(routes.filter(({ path }) => apiOf(path) === null).map(({ path }) => path)).toEqual([]);
  });

  it('has the parameters of its path described, and no others', () => {
    const named = routes.map(({ handler, path }) => [handler, [...path.matchAll(/\{(.+?)\}/g)].map(([, name]) => name)]);
    expect(routes.map(({ handler, operation }) => [handler, Object.keys(operation?.path?.shape ?? {})])).toEqual(named);
  });

  it('has the status described that it succeeds with', () => {
    expect(routes.filter(({ operation, status }) => !Object.hasOwn(operation?.responses ?? {}, status)).map(({ handler }) => handler)).toEqual([]);
  });
});

describe('an example', () => {
  it.each(routes.flatMap(({ handler, operation }) => (operation?.example === undefined ? [] : [[handler, operation] as const])))('of %s is a body that it takes', (_handler, { body, example }) => {
    expect(body?.safeParse(example)).toMatchObject({ success: true });
  });
});

describe('the OpenAPI documents', () => {
  it('have every route once', () => {
    const operations = [...documents.values()].flatMap(({ paths = {} }) => Object.values(paths).flatMap((item) => Object.keys(item)));
    expect(operations).toHaveLength(routes.length);
  });

  it('are valid OpenAPI 3.1', async () => {
    for (const [name, document] of documents) expect([name, await new Validator().validate({ ...document })]).toEqual([name, { valid: true }]);
  });
});
