import { configFromEnvironment, isLoopbackHost, parsePublicUrl } from '@rekey/deployment-config';
import type { z } from 'zod';
import { Fault, type Terminal } from '../terminal.ts';
import { askJson, type Question } from './ask-json.ts';

/** What every command takes that asks a running Rekey. */
export const connectionOptions = { url: { type: 'string' }, user: { type: 'string', default: 'admin@carbon.super' }, insecure: { type: 'boolean', default: false } } as const;

/** For their help texts. */
export const connectionUsage = `  --url URL      default: https://localhost and the port of deployment.toml
  --user NAME    who asks, an administrator (default admin@carbon.super); with --tenant a NAME without @DOMAIN is that tenant’s
  --insecure     takes any certificate, such as the self-signed one of npm start; on loopback only

  REKEY_ADMIN_PASSWORD   the password of that user; without it, it is asked for`;

/** The same of those about one tenant's users. */
export const tenantOptions = { ...connectionOptions, tenant: { type: 'string' } } as const;
export const tenantUsage = `  --tenant DOMAIN  whose users; default: that of the user who asks\n${connectionUsage}`;

/** What the paths of a tenant begin with, where one is named. */
export function tenantPathOf(tenant: string | undefined): string {
  return tenant === undefined ? '' : `/t/${encodeURIComponent(tenant)}`;
}

/** Rekey's own API. */
export function ownApiOf(tenant: string | undefined): string {
  return `${tenantPathOf(tenant)}/api/rekey/v1`;
}

export interface Connection {
  readonly origin: string;
  /** @param path from the origin on @throws Fault as `askJson` */
  ask(path: string, question?: Question): Promise<unknown>;
}

/** @throws Fault where the password would go to somebody who may not be Rekey, or is missing */
export async function connect({ url, user, insecure }: { readonly url?: string | undefined; readonly user: string; readonly insecure: boolean }, terminal: Terminal): Promise<Connection> {
  const origin = baseUrlOf(url);
  const { hostname } = new URL(origin);
  if (insecure && !isLoopbackHost(hostname)) throw new Fault(`--insecure is for this machine alone: anybody could answer as ${hostname}, and be told the password`);
  const password = await passwordOf(user, 'REKEY_ADMIN_PASSWORD', terminal);
  return { origin, ask: (path, question) => askJson(new URL(origin + path), { username: user, password, insecure }, question) };
}

/** From the environment, else by asking; never from an argument, which others on the machine can read. */
export async function passwordOf(user: string, variable: string, { environment, askSecret }: Terminal): Promise<string> {
  const password = environment[variable] ?? (await askSecret(`Password of ${user}: `));
  if (!password) throw new Fault(`the password of ${user} is missing: set ${variable}, or run this in a terminal that can ask for it`);
  return password;
}

/** Never plain HTTP but on loopback: the password goes there. */
function baseUrlOf(given: string | undefined): string {
  if (given === undefined) return `https://localhost:${configFromEnvironment().config.server.httpsPort}`;
  const url = parsePublicUrl(given);
  if (url === undefined) throw new Fault(`--url must be an https URL such as "https://id.example.com" (plain http only on loopback), not "${given}"`);
  return url;
}

/** @throws Fault where the answer has another shape */
export function parsedAs<Schema extends z.ZodType>(schema: Schema, answer: unknown, { origin }: Connection): z.output<Schema> {
  const result = schema.safeParse(answer);
  if (!result.success) throw new Fault(`${origin} answered something else than was asked for: is it a Rekey of this version?`);
  return result.data;
}

const pageSize = 100;

/** Everything that a list has, from page to page. @param page what one is */
export async function allPages<Item>(page: z.ZodType<{ readonly total: number; readonly items: readonly Item[] }>, path: string, rekey: Connection): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (;;) {
    const { total, items } = parsedAs(page, await rekey.ask(`${path}?limit=${pageSize}&offset=${found.length}`), rekey);
    found.push(...items);
    if (items.length === 0 || found.length >= total) return found;
  }
}
