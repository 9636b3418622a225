import type { SqlExecutor } from '@rekey/messaging';
import { readyTemplate, type MailTemplate } from './compile-template.ts';
import { typeOf } from './template-library.ts';
import { ownTemplates } from './template-statements.ts';

type Ready = ReadonlyMap<string, MailTemplate>;

/** One for each tenant and type that has been mailed lately. */
const keptAtMost = 2_000;
/** Every change is told at once; this is for when the connection it is told by hangs and nobody has noticed yet. */
const keptMs = 30_000;

/** The templates that tenants made of their own, taken apart once and kept until somebody changes one. */
export class OwnTemplates {
  private kept = new Map<string, { readonly templates: Promise<Ready>; readonly until: number }>();

  constructor(private readonly database: SqlExecutor) {}

  /** By locale. */
  of(tenantDomain: string, typeName: string): Promise<Ready> {
    const type = typeOf(typeName);
    const key = `${tenantDomain}\0${type}`;
    const known = this.kept.get(key);
    if (known && known.until > performance.now()) return known.templates;
    const templates = this.load(tenantDomain, type);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= keptAtMost && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(key, { templates, until: performance.now() + keptMs });
    templates.catch(() => this.kept.delete(key));
    return templates;
  }

  /** Something was changed, or may have been while nobody listened. What is being read at this moment serves its mail and is not kept. */
  forget(): void {
    this.kept = new Map();
  }

  private async load(tenantDomain: string, type: string): Promise<Ready> {
    const saved = await ownTemplates(this.database, tenantDomain, type);
    return new Map([...saved].map(([locale, { compiled }]) => [locale, readyTemplate(compiled, locale)]));
  }
}
