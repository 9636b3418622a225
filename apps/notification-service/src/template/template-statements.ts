import type { MailTemplateSource } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import type { CompiledTemplate } from './compile-template.ts';

/** Where workers hear that a template was saved or removed. */
export const templateChannel = 'mail_template';

/** Of one template; the oldest beyond are forgotten. */
const versionsKept = 100;
/** Of all templates of a tenant, those that count not among them. */
const oldVersionsKept = 1_000;

/** Of one template in one locale. */
export interface TemplateKey {
  readonly tenantDomain: string;
  readonly type: string;
  readonly locale: string;
}

export interface SavedTemplate {
  readonly source: MailTemplateSource;
  readonly compiled: CompiledTemplate;
}

/** Whoever changes templates of a tenant takes turns: what is read from here on is so until the commit. */
export async function lockTemplates(tx: SqlExecutor, tenantDomain: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('mail_template:' || $1, 0))`, [tenantDomain]);
}

/** @returns the tenant's own types: display names by type */
export async function ownTypes(executor: SqlExecutor, tenantDomain: string): Promise<ReadonlyMap<string, string>> {
  const rows = await executor.query<{ type: string; display_name: string }>('SELECT type, display_name FROM mail_template_type WHERE tenant_domain = $1 ORDER BY type', [tenantDomain]);
  return new Map(rows.map(({ type, display_name: displayName }) => [type, displayName]));
}

export async function insertType(tx: SqlExecutor, tenantDomain: string, type: string, displayName: string): Promise<void> {
  await tx.query('INSERT INTO mail_template_type (tenant_domain, type, display_name) VALUES ($1, $2, $3)', [tenantDomain, type, displayName]);
}

export async function deleteType(tx: SqlExecutor, tenantDomain: string, type: string): Promise<void> {
  await tx.query('DELETE FROM mail_template_type WHERE tenant_domain = $1 AND type = $2', [tenantDomain, type]);
}

/** @returns the templates of the type that count now, by locale */
export async function ownTemplates(executor: SqlExecutor, tenantDomain: string, type: string): Promise<ReadonlyMap<string, SavedTemplate & { readonly version: number }>> {
  const rows = await executor.query<SavedTemplate & { locale: string; version: number }>(
    `SELECT locale, version, source, compiled FROM (
       SELECT DISTINCT ON (locale) locale, version, source, compiled FROM mail_template WHERE tenant_domain = $1 AND type = $2 ORDER BY locale, version DESC
     ) AS newest
     WHERE source IS NOT NULL ORDER BY locale`,
    [tenantDomain, type],
  );
  return new Map(rows.map(({ locale, ...saved }) => [locale, saved]));
}

/** Under the tenant's lock. @param saved null: from now on the tenant has none of its own */
export async function insertVersion(tx: SqlExecutor, { tenantDomain, type, locale }: TemplateKey, saved: SavedTemplate | null, by: string): Promise<void> {
  const [row] = await tx.query<{ version: number }>(
    `INSERT INTO mail_template (tenant_domain, type, locale, version, source, compiled, saved_by)
     SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4::jsonb, $5::jsonb, $6 FROM mail_template WHERE tenant_domain = $1 AND type = $2 AND locale = $3
     RETURNING version`,
    [tenantDomain, type, locale, saved && JSON.stringify(saved.source), saved && JSON.stringify(saved.compiled), by],
  );
  await tx.query('DELETE FROM mail_template WHERE tenant_domain = $1 AND type = $2 AND locale = $3 AND version <= $4', [tenantDomain, type, locale, (row?.version ?? 0) - versionsKept]);
  await tx.query(`SELECT pg_notify('${templateChannel}', '')`);
}

/** Under the tenant's lock: of what does not count any more, removed templates among it, the oldest goes first, so that no older version comes to count again. */
export async function forgetOldVersions(tx: SqlExecutor, tenantDomain: string, kept = oldVersionsKept): Promise<void> {
  await tx.query(
    `WITH newest AS (SELECT DISTINCT ON (type, locale) type, locale, version FROM mail_template WHERE tenant_domain = $1 ORDER BY type, locale, version DESC),
          old AS (
            SELECT type, locale, version FROM mail_template AS t
            WHERE tenant_domain = $1 AND NOT EXISTS (SELECT FROM newest AS n WHERE n.type = t.type AND n.locale = t.locale AND n.version = t.version AND t.source IS NOT NULL)
            ORDER BY saved_at DESC, version DESC OFFSET $2)
     DELETE FROM mail_template AS t USING old WHERE t.tenant_domain = $1 AND (t.type, t.locale, t.version) = (old.type, old.locale, old.version)`,
    [tenantDomain, kept],
  );
}
