import type { SqlExecutor } from '@rekey/messaging';

const rememberedMs = 5_000;

/** The organisations that this deployment serves; `carbon.super` is always there. */
export class Tenants {
  private known: { domains: ReadonlySet<string>; until: number } | null = null;

  constructor(private readonly database: SqlExecutor) {}

  async isActive(domain: string): Promise<boolean> {
    if (!this.known || this.known.until < Date.now()) {
      const rows = await this.database.query<{ domain: string }>(`SELECT domain FROM tenant WHERE active`);
      this.known = { domains: new Set(rows.map((row) => row.domain)), until: Date.now() + rememberedMs };
    }
    return this.known.domains.has(domain);
  }
}
