import { z } from 'zod';
import { table } from '../table.ts';
import { secretText, text, toggle, whole } from '../values/scalars.ts';

export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly username: string;
  readonly password: string;
  /** Connections kept at most. */
  readonly poolSize: number;
  readonly ssl: boolean;
}

export const databaseToml = table({
  /** WSO2's word for PostgreSQL, which is the only one here. */
  type: z.enum(['postgre', 'postgresql'], { error: '"postgre": Rekey keeps its data in PostgreSQL' }).optional(),
  hostname: text('a host name').prefault('localhost'),
  port: whole(1, 65_535).prefault(5432),
  name: text('the name of a database'),
  username: text(),
  password: secretText,
  pool_size: whole(1, 200).prefault(10),
  ssl: toggle.prefault(false),
}).optional();

export function databaseSettings(database: z.output<typeof databaseToml>): DatabaseSettings | null {
  if (!database) return null;
  const { hostname: host, port, name, username, password, pool_size: poolSize, ssl } = database;
  return { host, port, name, username, password, poolSize, ssl };
}
