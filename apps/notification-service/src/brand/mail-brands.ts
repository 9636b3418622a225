import { mailBrand, type MailBrand, type MailBrandOutcome, type MailBrandRequest } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import { Kept } from '../template/kept.ts';
import { templateChannel } from '../template/template-statements.ts';

const brandOfDeployment = mailBrand.parse({});

/** The brand of every tenant: as its administrators see and change it, and as mails are made with it. */
export class MailBrands {
  private readonly kept = new Kept<MailBrand>(2_000);

  constructor(private readonly database: SqlExecutor) {}

  /** For a mail: as it was last told. */
  of(tenantDomain: string): Promise<MailBrand> {
    return this.kept.of(tenantDomain, () => this.load(tenantDomain));
  }

  forget(): void {
    this.kept.forget();
  }

  async answer(request: Exclude<MailBrandRequest, { ask: 'preview' }>): Promise<MailBrandOutcome> {
    const { tenantDomain } = request;
    switch (request.ask) {
      case 'read':
        return { kind: 'brand', brand: await this.load(tenantDomain) };
      case 'replace':
        await this.change(
          `INSERT INTO mail_brand (tenant_domain, brand, saved_by) VALUES ($1, $2::jsonb, $3)
           ON CONFLICT (tenant_domain) DO UPDATE SET brand = excluded.brand, saved_at = now(), saved_by = excluded.saved_by
           RETURNING tenant_domain`,
          [tenantDomain, JSON.stringify(request.brand), request.by],
        );
        return { kind: 'brand', brand: request.brand };
      case 'remove':
        await this.change('DELETE FROM mail_brand WHERE tenant_domain = $1 RETURNING tenant_domain', [tenantDomain]);
        return { kind: 'brand', brand: brandOfDeployment };
    }
  }

  /** Every worker hears of it at the commit. */
  private async change(statement: string, parameters: readonly unknown[]): Promise<void> {
    await this.database.query(`WITH changed AS (${statement}) SELECT pg_notify('${templateChannel}', '') FROM changed`, [...parameters]);
  }

  private async load(tenantDomain: string): Promise<MailBrand> {
    const [row] = await this.database.query<{ brand: MailBrand }>('SELECT brand FROM mail_brand WHERE tenant_domain = $1', [tenantDomain]);
    return row?.brand ?? brandOfDeployment;
  }
}
