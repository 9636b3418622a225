import { RequestMethod, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { Operation, type DescribedOperation } from './operation.ts';

export interface Route {
  /** In lower case, as OpenAPI has it. */
  readonly method: string;
  /** `/api/rekey/v1/users/{id}/sessions` */
  readonly path: string;
  readonly controllerPath: string;
  /** What Nest answers with where the method does not say otherwise. */
  readonly status: number;
  /** `UserSessions.endAll`: where it stands in the code. */
  readonly handler: string;
  /** Undefined where somebody forgot it. */
  readonly operation: DescribedOperation | undefined;
}

interface Controller extends Type<object> {
  readonly prototype: object;
}

const reflector = new Reflector();
const scanner = new MetadataScanner();

/** Every HTTP route of the controllers, as Nest itself knows them. */
export function routesOf(controllers: readonly Controller[]): readonly Route[] {
  return controllers.flatMap((controller) => scanner.getAllMethodNames(controller.prototype).flatMap((name) => routeOf(controller, name)));
}

function routeOf(controller: Controller, name: string): readonly Route[] {
  const handler: unknown = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value;
  if (typeof handler !== 'function') return [];
  const method = reflector.get<RequestMethod | undefined>(METHOD_METADATA, handler);
  if (method === undefined) return [];
  const [controllerPath, ownPath] = [controller, handler].map((target) => reflector.get<string>(PATH_METADATA, target));
  const status = reflector.get<number | undefined>(HTTP_CODE_METADATA, handler) ?? (method === RequestMethod.POST ? 201 : 200);
  return [{ method: RequestMethod[method].toLowerCase(), path: pathOf(controllerPath, ownPath), controllerPath: pathOf(controllerPath), status, handler: `${controller.name}.${name}`, operation: reflector.get(Operation, handler) }];
}

/** Nest's parts, with `:id` as OpenAPI's `{id}`. */
function pathOf(...parts: readonly (string | undefined)[]): string {
  const path = parts.flatMap((part = '') => part.split('/')).filter((part) => part !== '');
  return `/${path.join('/').replace(/:(\w+)/g, '{$1}')}`;
}
