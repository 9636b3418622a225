import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import type { KeyPath } from '../key-path.ts';
import { nearest } from '../nearest.ts';
import { arrayOfTables, list } from '../table.ts';
import { refuseRepeatedNames } from '../unique-names.ts';
import { text, whole } from '../values/scalars.ts';
import { customModule, resolvedModule, type CustomModuleSettings } from './custom-module.ts';
import type { DefaultListenerName, ListenerSettings } from './default-listeners.ts';

/** `order` is the priority. */
export type CustomListenerSettings = CustomModuleSettings;

/** WSO2's, one before and one after each user operation: what the chain raises. */
export const identityEventNames = [
  'PRE_AUTHENTICATION', 'POST_AUTHENTICATION', 'PRE_ADD_USER', 'POST_ADD_USER', 'PRE_UPDATE_CREDENTIAL', 'POST_UPDATE_CREDENTIAL', 'PRE_UPDATE_CREDENTIAL_BY_ADMIN', 'POST_UPDATE_CREDENTIAL_BY_ADMIN',
  'PRE_SET_USER_CLAIMS', 'POST_SET_USER_CLAIMS', 'PRE_GET_USER_CLAIMS', 'POST_GET_USER_CLAIMS', 'PRE_DELETE_USER', 'POST_DELETE_USER', 'PRE_GET_USER_LIST', 'POST_GET_USER_LIST',
] as const;

export interface CustomHandlerSettings extends CustomModuleSettings {
  /** Of `identityEventNames`. */
  readonly subscriptions: readonly string[];
}

/** In the order in which they run by default. */
const defaultHandlerNames = ['account.lock.handler', 'account.disable.handler', 'passwordPolicy', 'passwordHistory', 'adminForcedPasswordReset', 'codeInvalidation', 'userEmailVerification', 'emailSend', 'audit'] as const;
/** Of which the flag alone counts: they stand in no order. */
const flagHandlerNames = ['emailSend', 'audit'] as const satisfies readonly (typeof defaultHandlerNames)[number][];
export type DefaultHandlerName = (typeof defaultHandlerNames)[number];

export interface HandlerSettings {
  /** null: its own. */
  readonly priority: number | null;
  readonly enable: boolean;
}

/** `type` and `name` are WSO2's, for its Java classes. */
export const eventListenersToml = arrayOfTables('event_listener', { id: text(), type: text().optional(), name: text().optional(), order: whole(0, 100_000).optional(), ...customModule }).prefault([]);
export const eventHandlersToml = arrayOfTables('event_handler', {
  name: text(),
  subscriptions: list(text('the name of an identity event'), 'a list of identity events').prefault([]),
  priority: whole(0, 100_000).optional(),
  ...customModule,
}).prefault([]);

interface ExtensionTables {
  readonly event_listener: z.output<typeof eventListenersToml>;
  readonly event_handler: z.output<typeof eventHandlersToml>;
}
type ListenerTable = ExtensionTables['event_listener'][number];
type HandlerTable = ExtensionTables['event_handler'][number];

interface ExtensionSettings {
  readonly customListeners: readonly CustomListenerSettings[];
  readonly customHandlers: readonly CustomHandlerSettings[];
  readonly handlers: Readonly<Partial<Record<DefaultHandlerName, HandlerSettings>>>;
}

/** Where handlers of third parties run that say nothing: behind the built-in ones. */
const firstFreeHandlerPriority = 200;

/**
 * `[[event_listener]]` and `[[event_handler]]`. WSO2's entries name Java classes and no `module`: there is nothing to call, and a warning names them.
 * @throws DeploymentConfigError where two listeners have one priority (in WSO2 the second one silently replaces the first), or two entries one name
 */
export function extensionSettings(toml: ExtensionTables, listeners: Readonly<Record<DefaultListenerName, ListenerSettings>>, layers: DeploymentLayers): ExtensionSettings {
  const customListeners = toml.event_listener.flatMap((entry, index) => customListener(entry, ['event_listener', index], layers));
  refuseEqualPriorities(listeners, toml.event_listener, layers);
  refuseNamesTwice(toml, Object.keys(listeners), layers);
  const handlers: Partial<Record<DefaultHandlerName, HandlerSettings>> = {};
  const customHandlers = toml.event_handler.flatMap((entry, index) => {
    if (isDefaultHandler(entry.name)) {
      if (entry.module !== undefined) throw layers.refusal(['event_handler', index, 'module'], `${entry.name} is a handler of Rekey's own: give yours another name`);
      if (entry.priority !== undefined && flagHandlerNames.some((name) => name === entry.name)) throw layers.refusal(['event_handler', index, 'priority'], `${entry.name} stands in no order: its enable alone counts`);
      handlers[entry.name] = { priority: entry.priority ?? null, enable: entry.enable };
    }
    return customHandler(entry, ['event_handler', index], layers);
  });
  return { customListeners, customHandlers, handlers };
}

/** @returns the entries that only WSO2 can use, as a warning names them */
export function javaExtensions({ event_listener: listeners, event_handler: handlers }: ExtensionTables): readonly string[] {
  return [
    ...listeners.filter(({ module }) => module === undefined).map(({ id }) => `event_listener "${id}"`),
    ...handlers.filter(isJavaHandler).map(({ name }) => `event_handler "${name}"`),
  ];
}

function customListener({ id, module, order, enable, time_limit, on_failure, properties }: ListenerTable, path: KeyPath, layers: DeploymentLayers): CustomListenerSettings[] {
  if (module === undefined) return [];
  if (order === undefined) throw layers.unexpected([...path, 'order'], 'a whole number from 0 to 100000');
  return [{ name: id, module: resolvedModule(module, enable, [...path, 'module'], layers), priority: order, enable, timeLimitMs: time_limit * 1_000, onFailure: on_failure, properties }];
}

function customHandler({ name, module, priority, enable, subscriptions, time_limit, on_failure, properties }: HandlerTable, path: KeyPath, layers: DeploymentLayers): CustomHandlerSettings[] {
  if (module === undefined) return [];
  if (subscriptions.length === 0) throw layers.refusal([...path, 'subscriptions'], 'expected at least one identity event, such as "PRE_AUTHENTICATION"');
  const unknown = subscriptions.findIndex((event) => !identityEventNames.some((known) => known === event));
  if (unknown !== -1) throw layers.unexpected([...path, 'subscriptions', unknown], `an identity event such as "${nearest(subscriptions[unknown] ?? '', identityEventNames) ?? 'PRE_AUTHENTICATION'}"`);
  return [{ name, module: resolvedModule(module, enable, [...path, 'module'], layers), priority: priority ?? firstFreeHandlerPriority, enable, subscriptions, timeLimitMs: time_limit * 1_000, onFailure: on_failure, properties }];
}

function isJavaHandler({ module, name }: HandlerTable): boolean {
  return module === undefined && !isDefaultHandler(name);
}

function isDefaultHandler(name: string): name is DefaultHandlerName {
  return defaultHandlerNames.some((own) => own === name);
}

function refuseEqualPriorities(listeners: Readonly<Record<string, ListenerSettings>>, custom: readonly ListenerTable[], layers: DeploymentLayers): void {
  const seen = new Map<number, { readonly name: string; readonly path: KeyPath }>();
  const all = [
    ...Object.entries(listeners).map(([name, { priority }]) => ({ name, priority, path: ['event', 'default_listener', name, 'priority'] })),
    ...custom.flatMap(({ id, module, order }, index) => (module === undefined || order === undefined ? [] : [{ name: id, priority: order, path: ['event_listener', index, 'order'] }])),
  ];
  for (const { name, priority, path } of all) {
    const other = seen.get(priority);
    if (other) {
      // The file may name only one of the two: the other has its default, and no place.
      const [blamed, rival] = layers.writes(path) ? [path, other.name] : [other.path, name];
      throw layers.refusal(blamed, `${priority} is the priority of ${rival} too: give each listener its own`);
    }
    seen.set(priority, { name, path });
  }
}

/** Of Java classes nobody cares: WSO2 calls these by their class, and its files repeat an id at will. */
function refuseNamesTwice({ event_listener: listeners, event_handler: handlers }: ExtensionTables, defaults: readonly string[], layers: DeploymentLayers): void {
  const ids = listeners.map(({ id, module }) => (module === undefined ? null : id));
  refuseRepeatedNames('listener', [...defaults, ...ids], (index) => ['event_listener', index - defaults.length, 'id'], layers);
  refuseRepeatedNames('handler', handlers.map((entry) => (isJavaHandler(entry) ? null : entry.name)), (index) => ['event_handler', index, 'name'], layers);
}
