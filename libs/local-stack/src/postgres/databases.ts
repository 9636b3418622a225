import pg from 'pg';
import { passwordOf, superuser } from './cluster.ts';

/** How a service reaches its database. */
export interface DatabaseSettings {
  host: string;
  port: number;
  name: string;
  username: string;
  password: string;
  poolSize: number;
  ssl: boolean;
}

/** Where an embedded PostgreSQL listens, and the secret its passwords come from. */
export interface PostgresAddress {
  port: number;
  secret: string;
}

export const host = '127.0.0.1';
const nameForm = /^[a-z][a-z0-9_]{0,62}$/;
const poolSize = 10;

/** The settings of the service that owns the database `name`: its role has the same name and may enter no other database. */
export function settingsOf({ port, secret }: PostgresAddress, name: string): DatabaseSettings {
  return { host, port, name, username: name, password: passwordOf(secret, name), poolSize, ssl: false };
}

export function urlOf(address: PostgresAddress, name: string): string {
  const { username, password, port } = settingsOf(address, name);
  return `postgres://${username}:${password}@${host}:${port}/${name}`;
}

/**
 * Makes the database `name` and the role of the same name that owns it, unless they are there.
 *
 * @param name lower case letters, digits and `_`, at most 63
 */
export async function ensureDatabase(address: PostgresAddress, name: string): Promise<void> {
  const identifier = identifierOf(name);
  await asSuperuser(address, async (client) => {
    // Two services may start at once. The lock ends with the connection.
    await client.query(`SELECT pg_advisory_lock(hashtext('rekey ensure database'))`);
    const password = passwordOf(address.secret, name);
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
    await client.query(`${role.rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${identifier} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${password}'`);
    const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (database.rowCount !== 0) return;
    await client.query(`CREATE DATABASE ${identifier} OWNER ${identifier}`);
    await client.query(`REVOKE ALL ON DATABASE ${identifier} FROM PUBLIC`);
  });
}

/** Removes the database `name` and its role, ending whoever is connected. Nothing happens if there is none. */
export async function dropDatabase(address: PostgresAddress, name: string): Promise<void> {
  const identifier = identifierOf(name);
  await asSuperuser(address, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${identifier} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${identifier}`);
  });
}

export async function asSuperuser<T>({ port, secret }: PostgresAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ host, port, database: 'postgres', user: superuser, password: passwordOf(secret, superuser) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function identifierOf(name: string): string {
  if (!nameForm.test(name)) throw new TypeError(`not a database name: ${JSON.stringify(name)}`);
  return `"${name}"`;
}
