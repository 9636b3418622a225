import { dirname, resolve } from 'node:path';
import type { TomlTable, TomlValue } from 'smol-toml';
import { DeploymentConfigError } from './deployment-config-error.ts';
import { dottedKey, shortened, type KeyPath } from './key-path.ts';
import { isTable, isTableArray, type TomlSource } from './toml-source.ts';

/** The operator's text and what lies beneath it: which of them says something, and how an error names the place. */
export class DeploymentLayers {
  constructor(private readonly sources: readonly TomlSource[]) {}

  /** Whether one of the layers writes this key, or it is a default. */
  writes(path: KeyPath): boolean {
    return this.speakerOf(path)?.depth === path.length;
  }

  /** @returns what a layer writes at this key, as it stands there, and the place; null where it is a default */
  written(path: KeyPath): { readonly value: TomlValue | undefined; readonly place: string } | null {
    const speaker = this.speakerOf(path);
    return speaker?.depth === path.length ? { value: speaker.source.valueAt(speaker.path), place: speaker.source.locate(speaker.path) } : null;
  }

  /** The folder of the text that writes this key: what paths in it are relative to. */
  folderOf(path: KeyPath): string {
    return dirname(resolve(this.speakerOf(path)?.source.name ?? 'deployment.toml'));
  }

  /** @returns the error for a key that contradicts another one or is not known */
  refusal(path: KeyPath, reason: string): DeploymentConfigError {
    const speaker = this.speakerOf(path);
    return new DeploymentConfigError(`${speaker ? speaker.source.locate(speaker.path) : 'deployment.toml'}: ${dottedKey(path)}: ${reason}`);
  }

  /**
   * The value is shown as the text writes it: what `$env{…}` or `$secret{…}` stand for is never told.
   * @param found what of the value may be shown: of a secret its kind alone
   */
  unexpected(path: KeyPath, expected: string, found: 'value' | 'kind' = 'value'): DeploymentConfigError {
    const speaker = this.speakerOf(path);
    const value = speaker?.source.valueAt(speaker.path);
    return this.refusal(path, `expected ${expected}, got ${found === 'value' ? shown(value) : kindOf(value)}`);
  }

  /** The layer that goes farthest along the path; the upper one of equals. */
  private speakerOf(path: KeyPath): { source: TomlSource; path: KeyPath; depth: number } | null {
    const speakers = this.sources.map((source, index) => {
      const own = this.within(index, path);
      return { source, path: own, depth: source.depthOf(own) };
    });
    return speakers.reduce<(typeof speakers)[number] | null>((best, next) => (best === null || next.depth > best.depth ? next : best), null);
  }

  /** Arrays of tables are joined, upper layers first: an element's number in one layer is less by what stands in those above. */
  private within(layer: number, path: KeyPath): KeyPath {
    return path.map((part, index) => {
      if (typeof part !== 'number') return part;
      const above = this.sources.slice(0, layer).map((source) => source.valueAt(path.slice(0, index)));
      return above.reduce<number>((number, array) => number - (isTableArray(array) ? array.length : 0), part);
    });
  }
}

/** Where the upper layer is silent, the one beneath speaks. */
export function merge(beneath: TomlTable, above: TomlTable): TomlTable {
  const merged = new Map(Object.entries(beneath));
  for (const [key, value] of Object.entries(above)) merged.set(key, mergedValue(merged.get(key), value));
  return Object.fromEntries(merged);
}

function mergedValue(below: TomlValue | undefined, value: TomlValue): TomlValue {
  if (isTable(value) && isTable(below)) return merge(below, value);
  if (isTableArray(value) && isTableArray(below)) return [...value, ...below];
  return value;
}

/** Of an address in which a password may stand only what kind of value it is. */
function shown(value: TomlValue | undefined): string {
  const mayTellPassword = typeof value === 'string' && /:.*@/s.test(value);
  return typeof value === 'object' || value === undefined || mayTellPassword ? kindOf(value) : shortened(typeof value === 'string' ? JSON.stringify(value) : String(value));
}

function kindOf(value: TomlValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === '') return 'an empty text';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'true or false';
  if (value instanceof Date) return 'a date';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a table' : 'a number';
}
