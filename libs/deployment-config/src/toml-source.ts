import { parse, TomlError, type TomlTable } from 'smol-toml';
import { DeploymentConfigError } from './deployment-config-error.ts';

/** One TOML text: what it says, and where. */
export class TomlSource {
  private constructor(
    readonly name: string,
    readonly table: TomlTable,
    private readonly text: string,
  ) {}

  /** @throws DeploymentConfigError with line and column where it is not TOML (a table written twice among it) */
  static parse(name: string, text: string): TomlSource {
    try {
      return new TomlSource(name, parse(text), text);
    } catch (error) {
      if (error instanceof TomlError) throw new DeploymentConfigError(`${name}:${error.line}:${error.column}: not valid TOML: ${error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''}`);
      throw error;
    }
  }

  /** @returns `file:line:column` of a key, of the table around it where it is not written out, or the file alone */
  locate(path: readonly PropertyKey[]): string {
    const keys = path.filter((part) => typeof part === 'string');
    for (let length = keys.length; length > 0; length--) {
      const place = this.find(keys.slice(0, length), path);
      if (place) return `${this.name}:${place.line}:${place.column}`;
    }
    return this.name;
  }

  /** A line scan: headers name tables, `key =` names keys below them. Which element of an array of tables is meant is in the path's numbers. */
  private find(keys: readonly string[], path: readonly PropertyKey[]): { line: number; column: number } | null {
    const wanted = keys.join('.');
    const wantedElement = path.find((part) => typeof part === 'number') ?? 0;
    let table = '';
    const elements = new Map<string, number>();
    for (const [index, line] of this.text.split('\n').entries()) {
      const header = /^\s*(\[\[?)\s*([^\]#]+?)\s*\]/.exec(line);
      if (header) {
        table = plainKey(header[2] ?? '');
        if (header[1] === '[[') elements.set(table, (elements.get(table) ?? -1) + 1);
        if (table === wanted && (elements.get(table) ?? 0) >= wantedElement) return { line: index + 1, column: line.search(/\S/) + 1 };
        continue;
      }
      const key = /^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(line)?.[1];
      if (key === undefined) continue;
      const whole = table === '' ? plainKey(key) : `${table}.${plainKey(key)}`;
      if (whole === wanted && (elements.get(table) ?? wantedElement) === wantedElement) return { line: index + 1, column: line.search(/\S/) + 1 };
    }
    return null;
  }
}

function plainKey(key: string): string {
  return key
    .split('.')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.');
}
