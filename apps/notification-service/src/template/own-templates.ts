import type { SqlExecutor } from '@rekey/messaging';
import { readyTemplate, type MailTemplate } from './compile-template.ts';
import { Kept } from './kept.ts';
import { typeOf } from './template-library.ts';
import { ownTemplates } from './template-statements.ts';

type Ready = ReadonlyMap<string, MailTemplate>;

/** The templates that tenants made of their own, taken apart once and kept until somebody changes one. */
export class OwnTemplates {
  /** One for each tenant and type that has been mailed lately. */
  private readonly kept = new Kept<Ready>(2_000);

  constructor(private readonly database: SqlExecutor) {}

  /** By locale. */
  of(tenantDomain: string, typeName: string): Promise<Ready> {
    const type = typeOf(typeName);
    return this.kept.of(`${tenantDomain}\0${type}`, () => this.load(tenantDomain, type));
  }

  forget(): void {
    this.kept.forget();
  }

  private async load(tenantDomain: string, type: string): Promise<Ready> {
    const saved = await ownTemplates(this.database, tenantDomain, type);
    return new Map([...saved].map(([locale, { compiled, version }]) => [locale, readyTemplate(compiled, locale, String(version))]));
  }
}
