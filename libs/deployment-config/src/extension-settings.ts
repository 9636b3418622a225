import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defaultHandlerNames, flagHandlerNames, identityEventNames, type CustomHandlerSettings, type CustomListenerSettings, type DefaultHandlerName, type DeploymentConfig, type HandlerSettings, type ListenerSettings } from './deployment-config.ts';
import type { DeploymentLayers } from './deployment-layers.ts';
import type { KeyPath } from './key-path.ts';
import { nearest } from './nearest.ts';
import type { DeploymentToml } from './schema.ts';

type ExtensionSettings = Pick<DeploymentConfig, 'customListeners' | 'customHandlers' | 'handlers'>;

/** Where handlers of third parties run that say nothing: behind the built-in ones. */
const firstFreeHandlerPriority = 200;

/**
 * `[[event_listener]]` and `[[event_handler]]`. WSO2's entries name Java classes and no `module`: there is nothing to call, and a warning names them.
 * @throws DeploymentConfigError where two listeners have one priority (in WSO2 the second one silently replaces the first), or two entries one name
 */
export function extensionSettings(toml: DeploymentToml, listeners: Readonly<Record<string, ListenerSettings>>, layers: DeploymentLayers): ExtensionSettings {
  const customListeners = toml.event_listener.flatMap((entry, index) => customListener(entry, ['event_listener', index], layers));
  refuseEqualPriorities(listeners, toml.event_listener, layers);
  refuseRepeatedNames(toml.event_listener.map(({ id, module }) => (module === undefined ? null : id)), Object.keys(listeners), (index) => ['event_listener', index, 'id'], layers);
  refuseRepeatedNames(toml.event_handler.map((entry) => (isJavaHandler(entry) ? null : entry.name)), [], (index) => ['event_handler', index, 'name'], layers);
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
export function javaExtensions({ event_listener: listeners, event_handler: handlers }: DeploymentToml): readonly string[] {
  return [
    ...listeners.filter(({ module }) => module === undefined).map(({ id }) => `event_listener "${id}"`),
    ...handlers.filter(isJavaHandler).map(({ name }) => `event_handler "${name}"`),
  ];
}

function customListener({ id, module, order, enable, time_limit, on_failure, properties }: DeploymentToml['event_listener'][number], path: KeyPath, layers: DeploymentLayers): CustomListenerSettings[] {
  if (module === undefined) return [];
  if (order === undefined) throw layers.unexpected([...path, 'order'], 'a whole number from 0 to 100000');
  return [{ name: id, module: resolvedModule(module, enable, [...path, 'module'], layers), priority: order, enable, timeLimitMs: time_limit * 1_000, onFailure: on_failure, properties }];
}

function customHandler({ name, module, priority, enable, subscriptions, time_limit, on_failure, properties }: DeploymentToml['event_handler'][number], path: KeyPath, layers: DeploymentLayers): CustomHandlerSettings[] {
  if (module === undefined) return [];
  if (subscriptions.length === 0) throw layers.refusal([...path, 'subscriptions'], 'expected at least one identity event, such as "PRE_AUTHENTICATION"');
  const unknown = subscriptions.findIndex((event) => !identityEventNames.some((known) => known === event));
  if (unknown !== -1) throw layers.unexpected([...path, 'subscriptions', unknown], `an identity event such as "${nearest(subscriptions[unknown] ?? '', identityEventNames) ?? 'PRE_AUTHENTICATION'}"`);
  return [{ name, module: resolvedModule(module, enable, [...path, 'module'], layers), priority: priority ?? firstFreeHandlerPriority, enable, subscriptions, timeLimitMs: time_limit * 1_000, onFailure: on_failure, properties }];
}

/**
 * A path is relative to the file that names it; anything else is an installed package. Nothing is loaded here: a module is somebody's code,
 * and runs where a service starts.
 */
export function resolvedModule(module: string, isLoaded: boolean, path: KeyPath, layers: DeploymentLayers): string {
  if (!/^\.{0,2}\//.test(module)) return module;
  const file = resolve(layers.folderOf(path), module);
  if (isLoaded && !existsSync(file)) throw layers.refusal(path, `there is no file ${file}`);
  return file;
}

function isJavaHandler({ module, name }: DeploymentToml['event_handler'][number]): boolean {
  return module === undefined && !isDefaultHandler(name);
}

function isDefaultHandler(name: string): name is DefaultHandlerName {
  return defaultHandlerNames.some((own) => own === name);
}

function refuseEqualPriorities(listeners: Readonly<Record<string, ListenerSettings>>, custom: DeploymentToml['event_listener'], layers: DeploymentLayers): void {
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

/** @param names null of what nobody calls by it: WSO2 calls Java classes by their class, and its files repeat an id at will */
function refuseRepeatedNames(names: readonly (string | null)[], taken: readonly string[], pathOf: (index: number) => KeyPath, layers: DeploymentLayers): void {
  const index = names.findIndex((name, position) => name !== null && (taken.includes(name) || names.indexOf(name) !== position));
  if (index !== -1) throw layers.refusal(pathOf(index), `"${names[index] ?? ''}" is another one's name already`);
}
