import type { MailTemplateSource, TemplateVersion } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import type { TemplateKey } from '../template/template-statements.ts';

interface VersionRow {
  readonly version: number;
  readonly saved_at: Date;
  readonly saved_by: string | null;
  readonly subject: string | null;
  readonly current: boolean;
}

const columns = `version, saved_at, saved_by, source ->> 'subject' AS subject, version = max(version) OVER () AS current`;

/** @returns what was saved and removed, newest first; none where the tenant never had one of its own */
export async function versionsOf(executor: SqlExecutor, { tenantDomain, type, locale }: TemplateKey): Promise<TemplateVersion[]> {
  const rows = await executor.query<VersionRow>(`SELECT ${columns} FROM mail_template WHERE tenant_domain = $1 AND type = $2 AND locale = $3 ORDER BY version DESC`, [tenantDomain, type, locale]);
  return rows.map(shown);
}

/** @returns null where there is no such version, or it was forgotten; its template is null where it says that the tenant has none of its own any more */
export async function versionOf(executor: SqlExecutor, { tenantDomain, type, locale }: TemplateKey, version: number): Promise<{ readonly version: TemplateVersion; readonly template: MailTemplateSource | null } | null> {
  const [row] = await executor.query<VersionRow & { source: MailTemplateSource | null }>(
    `SELECT * FROM (SELECT ${columns}, source FROM mail_template WHERE tenant_domain = $1 AND type = $2 AND locale = $3) AS versions WHERE version = $4`,
    [tenantDomain, type, locale, version],
  );
  return row ? { version: shown(row), template: row.source } : null;
}

function shown({ version, saved_at: savedAt, saved_by: savedBy, subject, current }: VersionRow): TemplateVersion {
  return { version, savedAt: savedAt.toISOString(), savedBy, subject, current };
}
