import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { CustomListenerSettings } from '@rekey/deployment-config';
import { reasonOf, type Logger } from '@rekey/observability';
import { logFailure } from '../chain/ask.ts';
import { ListenerChainError } from '../chain/listener-order.ts';
import { withinLimit } from '../chain/time-limit.ts';
import { asGuest } from './guest.ts';

/** What the default export of a module is called with, where it is a function. */
export interface ThirdPartyContext {
  /** Those of its entry in `deployment.toml`. */
  readonly properties: Readonly<Record<string, string>>;
  readonly log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>>;
}

const loadLimitMs = 10_000;

interface LoadedModule {
  /** Of a file as it was when it was loaded: another one once it has changed. */
  readonly address: string;
  readonly properties: ThirdPartyContext['properties'];
  readonly exported: unknown;
}

/**
 * The modules that one configuration uses. As long as the file and the properties of an entry stay as they are, so does what its module
 * keeps in memory, whatever else changes in `deployment.toml`.
 */
export class ThirdPartyModules {
  private readonly loaded = new Map<string, LoadedModule>();

  constructor(private readonly inUse: ReadonlyMap<string, LoadedModule> = new Map()) {}

  /** @returns for those of the next configuration: none so far */
  next(): ThirdPartyModules {
    return new ThirdPartyModules(this.loaded);
  }

  /**
   * Loads a module by path or package name and reads what it exports. A file that has changed since is loaded anew; a package, and what
   * modules import themselves, stays as it was first loaded.
   * @param entry how `deployment.toml` names it, e.g. `[[event_listener]]`
   * @param read @throws Error saying what was expected
   * @throws ListenerChainError with one line that names the entry, the module and what was expected
   */
  async load<Export>(entry: string, { name, module, properties }: Pick<CustomListenerSettings, 'name' | 'module' | 'properties'>, log: Logger, read: (exported: unknown) => Export): Promise<Export> {
    const key = `${entry} "${name}"`;
    try {
      const address = isAbsolute(module) ? await addressOf(module) : module;
      const known = this.inUse.get(key);
      const context: ThirdPartyContext = Object.freeze({ properties: Object.freeze({ ...properties }), log: logFor(log.child({ listener: name })) });
      const loaded = known?.address === address && isDeepStrictEqual(known.properties, context.properties) ? known : { address, properties: context.properties, exported: await withinLimit(asGuest(name, exportOf)(address, context), loadLimitMs) };
      this.loaded.set(key, loaded);
      return read(loaded.exported);
    } catch (cause) {
      throw new ListenerChainError(`${key}: the module ${module} cannot be used: ${oneLine(cause)}`);
    }
  }

  /** Tells those that have a `stop` that they are not used any more. @param kept those that are */
  stopAllBut(kept: ThirdPartyModules, log: Logger): void {
    for (const [key, loaded] of this.loaded) {
      if (kept.loaded.get(key) !== loaded) asGuest(key, stop)(loaded.exported).catch((thrown: unknown) => logFailure(log, { module: key }, thrown, 'a module failed to stop'));
    }
  }
}

async function stop(exported: unknown): Promise<void> {
  if (typeof exported === 'object' && exported !== null && 'stop' in exported && typeof exported.stop === 'function') await (exported.stop as () => unknown)();
}

async function exportOf(address: string, context: ThirdPartyContext): Promise<unknown> {
  const loaded: unknown = await import(address);
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
  return reasonOf(cause).split('\n', 1)[0] ?? '';
}
