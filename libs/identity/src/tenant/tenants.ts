import type { SqlExecutor } from '@rekey/messaging';

const rememberedMs = 5_000;

/** The organisations that this deployment serves; `carbon.super` is always there. */
export class Tenants {
  private known: { readonly domains: Promise<ReadonlySet<string>>; readonly until: number } | null = null;

  constructor(private readonly database: SqlExecutor) {}

  /** A change in the database is seen after five seconds at the latest. */
  async isActive(domain: string): Promise<boolean> {
    if (!this.known || this.known.until < Date.now()) this.known = { domains: this.load(), until: Date.now() + rememberedMs };
    const { known } = this;
    try {
      return (await known.domains).has(domain);
    } catch (error) {
      if (this.known === known) this.known = null;
      throw error;
    }
  }

  private async load(): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ domain: string }>(`SELECT domain FROM tenant WHERE active`);
    return new Set(rows.map((row) => row.domain));
  }
}
