import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CustomListenerSettings } from '@rekey/deployment-config';
import type { Logger } from '@rekey/observability';
import { ListenerChainError } from '../chain/listener-order.ts';
import { withinLimit } from '../chain/time-limit.ts';

/** What the default export of a module is called with, where it is a function. */
export interface ThirdPartyContext {
  /** Those of its entry in `deployment.toml`. */
  readonly properties: Readonly<Record<string, string>>;
  readonly log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>>;
}

const loadLimitMs = 10_000;

/**
 * Loads a module by path or package name and reads what it exports. A file that has changed since is loaded anew; a package, and what
 * modules import themselves, stays as it was first loaded.
 * @param entry how `deployment.toml` names it, e.g. `[[event_listener]]`
 * @param read @throws Error saying what was expected
 * @throws ListenerChainError with one line that names the entry, the module and what was expected
 */
export async function loadThirdPartyModule<Export>(entry: string, { name, module, properties }: CustomListenerSettings, log: Logger, read: (exported: unknown) => Export): Promise<Export> {
  const context: ThirdPartyContext = Object.freeze({ properties: Object.freeze({ ...properties }), log: logFor(log.child({ listener: name })) });
  try {
    return read(await withinLimit(exportOf(module, context), loadLimitMs));
  } catch (cause) {
    throw new ListenerChainError(`${entry} "${name}": the module ${module} cannot be used: ${oneLine(cause)}`);
  }
}

async function exportOf(module: string, context: ThirdPartyContext): Promise<unknown> {
  const loaded: unknown = await import(isAbsolute(module) ? await addressOf(module) : module);
  const exported: unknown = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined;
  return typeof exported === 'function' ? (exported as (context: ThirdPartyContext) => unknown)(context) : exported;
}

async function addressOf(path: string): Promise<string> {
  const { mtimeMs } = await stat(path);
  return `${pathToFileURL(path).href}?changed=${mtimeMs}`;
}

/** Of its own: what a third party changes in it, it changes for nobody else. */
function logFor(log: Logger): ThirdPartyContext['log'] {
  return Object.freeze({
    debug: (message: string) => log.debug(String(message)),
    info: (message: string) => log.info(String(message)),
    warn: (message: string) => log.warn(String(message)),
    error: (message: string) => log.error(String(message)),
  });
}

function oneLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0] ?? '';
}
