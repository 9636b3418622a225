import pg from 'pg';

/** The statements of a script, with psql's `\getenv name VARIABLE` and `:'name'` filled in as psql does. */
export function asPsqlReads(sql: string, environment: Readonly<Record<string, string>>): string[] {
  const names = new Map([...sql.matchAll(/^\\getenv (\w+) (\w+)$/gm)].map(([, name = '', variable = '']) => [name, environment[variable]]));
  const statements = sql.replace(/^(?:\\|--).*$/gm, '').replace(/:'(\w+)'/g, (_whole, name: string) => pg.escapeLiteral(names.get(name) ?? `no variable ${name}`));
  return statements.split(';').map((statement) => statement.trim()).filter((statement) => statement !== '');
}
