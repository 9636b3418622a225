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

  /** @throws DeploymentConfigError with line and column where it is not TOML (a table written twice among it), or nested without end */
  static parse(name: string, text: string, hasPlaces = true): TomlSource {
    const source = new TomlSource(name, tableOf(name, text), text, hasPlaces);
    const path = pathBelow(source.table, deepest);
    if (path) throw new DeploymentConfigError(`${source.locate(path)}: a key of more than ${deepest} parts`);
    return source;
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
    // The farthest along the path, rather of the table itself than of what is below it; of those the first.
    let [best, place] = [1, ''];
    for (const statement of statementsOf(this.text)) {
      const shared = sharedSteps(statement.key, path);
      const nearness = 2 * shared + (shared === statement.key.length ? 1 : 0);
      if (nearness > best) [best, place] = [nearness, `:${statement.place}`];
    }
    return `${this.name}${place}`;
  }
}

function tableOf(name: string, text: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    // Only the first line: below it the parser shows the line at fault, which may hold a password.
    if (error instanceof TomlError) throw new DeploymentConfigError(`${name}:${error.line}:${error.column}: not valid TOML: ${error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''}`);
    throw error;
  }
}

/** No key of anybody's lies so deep, and what walks a table may follow it all the way. */
const deepest = 50;

/** @returns the way to something below more than so many tables and lists; null where there is nothing */
function pathBelow(value: TomlValue, levels: number, path: KeyPath = []): KeyPath | null {
  if (path.length > levels) return path;
  const children = Array.isArray(value) ? value.entries() : isTable(value) ? Object.entries(value) : [];
  for (const [part, child] of children) {
    const below = pathBelow(child, levels, [...path, part]);
    if (below) return below;
  }
  return null;
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

/** What may look like a statement and is none: texts of several lines, and comments. One-line texts are matched so that a `#` in them opens none. */
const notStatements = /("""(?:[^\\]|\\[^])*?"{3,5}|'''[^]*?'{3,5}|#.*)|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g;

/** A scan by lines, as the parser tells no places: headers name tables, `key =` names keys below them. Inline tables are one statement. */
function* statementsOf(text: string): Generator<Statement> {
  let table: KeyPath = [];
  const elements = new Map<string, number>();
  const blanked = text.replace(notStatements, (whole, hidden: string | undefined) => (hidden === undefined ? whole : hidden.replace(/[^\n]/g, ' ')));
  for (const [index, line] of blanked.split('\n').entries()) {
    const statement = line.replace(/^\uFEFF/, '').trimStart();
    const place = `${index + 1}:${line.length - statement.length + 1}`;
    const header = headerLine.exec(statement);
    const key = header ? null : keyLine.exec(statement);
    if (header) {
      table = withElements(partsOf(header[2] ?? ''), header[1] === '[[', elements);
      yield { key: table, place };
    } else if (key) yield { key: [...table, ...partsOf(key[1] ?? '')], place };
  }
}

function sharedSteps(key: KeyPath, path: KeyPath): number {
  const differing = key.findIndex((part, index) => part !== path[index]);
  return differing === -1 ? key.length : differing;
}

/** No more of them than are needed to refuse a key for its depth. */
function partsOf(key: string): string[] {
  const parts = key.match(new RegExp(keyPart, 'g')) ?? [];
  return parts.slice(0, deepest + 1).map((part) => part.replace(/^(["'])(.*)\1$/, '$2'));
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
