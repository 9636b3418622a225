import { parse, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import { DeploymentConfigError } from './deployment-config-error.ts';
import type { KeyPath } from './key-path.ts';

/** One TOML text: what it says, and where. */
export class TomlSource {
  private constructor(
    readonly name: string,
    readonly table: TomlTable,
    private readonly text: string,
    /** Not where it stands for an environment variable: a line and a column would tell nobody anything. */
    private readonly hasPlaces: boolean,
  ) {}

  /** @throws DeploymentConfigError with line and column where it is not TOML (a table written twice among it) */
  static parse(name: string, text: string, hasPlaces = true): TomlSource {
    try {
      return new TomlSource(name, parse(text), text, hasPlaces);
    } catch (error) {
      // Only the first line: below it the parser shows the line at fault, which may hold a password.
      if (error instanceof TomlError) throw new DeploymentConfigError(`${name}:${error.line}:${error.column}: not valid TOML: ${error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''}`);
      throw error;
    }
  }

  valueAt(path: KeyPath): TomlValue | undefined {
    let value: TomlValue | undefined = this.table;
    for (const part of path) value = childOf(value, part);
    return value;
  }

  /** @returns how many steps of the path are in this text */
  depthOf(path: KeyPath): number {
    let value: TomlValue | undefined = this.table;
    for (const [depth, part] of path.entries()) {
      value = childOf(value, part);
      if (value === undefined) return depth;
    }
    return path.length;
  }

  /** @returns `file:line:column` of a key, of the table around it where it is not written out, or the file alone */
  locate(path: KeyPath): string {
    if (!this.hasPlaces) return this.name;
    const places = new Map<string, string>();
    for (const { key, place } of statementsOf(this.text)) if (!places.has(pathText(key))) places.set(pathText(key), place);
    for (let length = path.length; length > 0; length--) {
      const place = places.get(pathText(path.slice(0, length)));
      if (place) return `${this.name}:${place}`;
    }
    return this.name;
  }
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function isTableArray(value: unknown): value is TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

function childOf(value: TomlValue | undefined, part: PropertyKey): TomlValue | undefined {
  if (Array.isArray(value) && typeof part === 'number') return value[part];
  return isTable(value) && typeof part === 'string' && Object.hasOwn(value, part) ? value[part] : undefined;
}

interface Statement {
  readonly key: KeyPath;
  /** `line:column` */
  readonly place: string;
}

const keyPart = String.raw`(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')`;
const dotted = String.raw`${keyPart}(?:\s*\.\s*${keyPart})*`;
const headerLine = new RegExp(String.raw`^(\[\[?)\s*(${dotted})\s*\]`);
const keyLine = new RegExp(String.raw`^(${dotted})\s*=`);

/** A scan by lines, as the parser tells no places: headers name tables, `key =` names keys below them. Inline tables are one statement. */
function* statementsOf(text: string): Generator<Statement> {
  let table: KeyPath = [];
  let multilineEnd: string | null = null;
  const elements = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    if (multilineEnd !== null) {
      if (line.includes(multilineEnd)) multilineEnd = null;
      continue;
    }
    const statement = line.replace(/^\uFEFF/, '').trimStart();
    const place = `${index + 1}:${line.length - statement.length + 1}`;
    const header = headerLine.exec(statement);
    const key = header ? null : keyLine.exec(statement);
    if (header) {
      table = withElements(partsOf(header[2] ?? ''), header[1] === '[[', elements);
      if (typeof table.at(-1) === 'number') yield { key: table.slice(0, -1), place };
      yield { key: table, place };
    } else if (key) yield { key: [...table, ...partsOf(key[1] ?? '')], place };
    const opening = statement.startsWith('#') ? undefined : /"""|'''/.exec(statement);
    if (opening && !statement.includes(opening[0], opening.index + 3)) multilineEnd = opening[0];
  }
}

function partsOf(key: string): string[] {
  return Array.from(key.matchAll(new RegExp(keyPart, 'g')), ([part]) => part.replace(/^(["'])(.*)\1$/, '$2'));
}

/** Which element of an array of tables a header speaks of: a new one with `[[…]]`, else the latest. */
function withElements(parts: readonly string[], opensElement: boolean, elements: Map<string, number>): KeyPath {
  const path: PropertyKey[] = [];
  for (const [index, part] of parts.entries()) {
    path.push(part);
    const known = elements.get(pathText(path));
    const element = opensElement && index === parts.length - 1 ? (known ?? -1) + 1 : known;
    if (element === undefined) continue;
    elements.set(pathText(path), element);
    path.push(element);
  }
  return path;
}

function pathText(path: KeyPath): string {
  return JSON.stringify(path);
}
