import type { MailBrandOutcome, MailBrandRequest, MailTemplateOutcome, MailTemplateRequest, MailTemplateSource } from '@rekey/events';
import type { Database, SqlExecutor } from '@rekey/messaging';
import { compileTemplate, readyTemplate } from '../template/compile-template.ts';
import type { MailComposer } from '../template/mail-composer.ts';
import { claimDescriptions, descriptions, isFilledIn } from '../template/placeholders.ts';
import { sampleRequest } from '../template/sample-request.ts';
import { TemplateError } from '../template/template-fault.ts';
import { typeOf, type TemplateLibrary } from '../template/template-library.ts';
import { deleteType, forgetOldVersions, insertType, insertVersion, lockTemplates, ownTemplates, ownTypes, type SavedTemplate } from '../template/template-statements.ts';
import { TimesInWords } from '../template/times-in-words.ts';
import { languageOf } from '../template/writing-direction.ts';
import { compileAll } from './compile-all.ts';
import { versionOf, versionsOf } from './template-versions.ts';
import type { TestMails } from './test-mails.ts';

type Ask<Kind extends MailTemplateRequest['ask']> = Extract<MailTemplateRequest, { ask: Kind }>;

/** Of a tenant's own. */
const maxTypes = 200;
const maxLocales = 100;
/** As it is sent, both parts encoded: twice what Gmail shows of one. */
const maxMailBytes = 256 * 1024;
/** By which one sees a brand. */
const shownType = 'passwordreset';
const done = { kind: 'done' } as const;
const tooManyLocales = { kind: 'refused', reason: `a template type has at most ${maxLocales} locales` } as const;

/** The templates of every tenant as its administrators see and change them: the shipped ones, and its own over them. */
export class MailTemplates {
  constructor(
    private readonly database: Database,
    private readonly library: TemplateLibrary,
    private readonly composer: Pick<MailComposer, 'compose' | 'fill' | 'valuesOf'>,
    private readonly testMails: TestMails,
    /** The only one that links with a key may lead to. */
    private readonly keyOrigin: string,
  ) {}

  async answer(request: MailTemplateRequest): Promise<MailTemplateOutcome> {
    try {
      return await this.carryOut(request);
    } catch (error) {
      if (error instanceof TemplateError) return { kind: 'refused', reason: error.message };
      throw error;
    }
  }

  /** The tenant's own mail in a brand that nobody has set yet. */
  async showBrand({ tenantDomain, brand }: Extract<MailBrandRequest, { ask: 'preview' }>): Promise<MailBrandOutcome> {
    const locale = this.library.defaultLocale;
    const own = (await ownTemplates(this.database, tenantDomain, shownType)).get(locale);
    const template = own ? readyTemplate(own.compiled, locale) : this.library.find(shownType, locale);
    return { kind: 'preview', ...(await this.composer.fill(template, sampleRequest(tenantDomain, locale), brand)) };
  }

  private async carryOut(request: MailTemplateRequest): Promise<MailTemplateOutcome> {
    switch (request.ask) {
      case 'types':
        return { kind: 'types', displayNames: [...(await this.displayNames(this.database, request.tenantDomain)).values()] };
      case 'type':
        return this.read(request);
      case 'add-type':
        return this.addType(request);
      case 'replace-type':
        return this.replaceType(request);
      case 'remove-type':
        return this.removeType(request);
      case 'add-template':
      case 'replace-template':
        return this.save(request);
      case 'remove-template':
        return this.remove(request);
      case 'placeholders':
        return this.placeholders(request);
      case 'versions':
        return this.versions(request);
      case 'version':
        return this.version(request);
      case 'restore-version':
        return this.restore(request);
      case 'preview':
        return this.preview(request);
      case 'test':
        return this.test(request);
    }
  }

  private async preview({ tenantDomain, template }: Ask<'preview'>): Promise<MailTemplateOutcome> {
    const { compiled } = await this.taken(tenantDomain, template);
    return { kind: 'preview', ...(await this.composer.fill(readyTemplate(compiled, template.id), sampleRequest(tenantDomain, template.id))) };
  }

  /** To whoever asks: the same as the preview, by the way that every mail takes. */
  private async test(request: Ask<'test'>): Promise<MailTemplateOutcome> {
    await this.taken(request.tenantDomain, request.template);
    return { kind: 'test', reference: await this.testMails.send(request) };
  }

  private async read({ tenantDomain, type: name }: Ask<'type'>): Promise<MailTemplateOutcome> {
    const type = typeOf(name);
    const displayName = (await this.displayNames(this.database, tenantDomain)).get(type);
    if (displayName === undefined) return { kind: 'unknown-type' };
    const templates = await this.templates(this.database, tenantDomain, type);
    return { kind: 'type', type: { displayName, templates: [...templates.values()].map(({ source }) => source), versions: Object.fromEntries([...templates].map(([locale, { version }]) => [locale, version])) } };
  }

  private async addType({ tenantDomain, displayName, templates, ...request }: Ask<'add-type'>): Promise<MailTemplateOutcome> {
    const type = typeOf(displayName);
    if (type === '') return { kind: 'refused', reason: 'displayName: expected more than spaces' };
    const compiled = await compileAll(templates, (template) => this.taken(tenantDomain, template));
    if (compiled === null) return { kind: 'template-exists' };
    return this.change(tenantDomain, async (tx) => {
      const known = await this.displayNames(tx, tenantDomain);
      if (known.has(type)) return { kind: 'type-exists' };
      if (known.size >= maxTypes + this.library.displayNames.size) return { kind: 'refused', reason: `a tenant has at most ${maxTypes} template types of its own` };
      await insertType(tx, tenantDomain, type, displayName);
      for (const saved of compiled) await insertVersion(tx, { tenantDomain, type, locale: saved.source.id }, saved, request.by);
      return done;
    });
  }

  /** The tenant has these from now on and no others of its own; the shipped ones stay beneath. */
  private async replaceType({ templates, ...request }: Ask<'replace-type'>): Promise<MailTemplateOutcome> {
    const compiled = await compileAll(templates, (template) => this.taken(request.tenantDomain, template));
    if (compiled === null) return { kind: 'template-exists' };
    return this.changeType(request, async (tx, tenantDomain, type) => {
      await removeAll(tx, tenantDomain, type, request.by);
      for (const saved of compiled) await insertVersion(tx, { tenantDomain, type, locale: saved.source.id }, saved, request.by);
      return done;
    });
  }

  /** A shipped type loses what the tenant made of it, as in WSO2, and stays. */
  private removeType(request: Ask<'remove-type'>): Promise<MailTemplateOutcome> {
    return this.changeType(request, async (tx, tenantDomain, type) => {
      await removeAll(tx, tenantDomain, type, request.by);
      await deleteType(tx, tenantDomain, type);
      return done;
    });
  }

  private async save(request: Ask<'add-template' | 'replace-template'>): Promise<MailTemplateOutcome> {
    const { template } = request;
    const saved = await this.taken(request.tenantDomain, template);
    return this.changeType(request, async (tx, tenantDomain, type) => {
      const known = await this.templates(tx, tenantDomain, type);
      const counting = known.get(template.id);
      if (request.ask === 'add-template' && counting) return { kind: 'template-exists' };
      if (request.ask === 'replace-template' && !counting) return { kind: 'unknown-template' };
      if (request.ask === 'replace-template' && request.version !== undefined && request.version !== counting?.version) return { kind: 'another-version' };
      if (isOneTooMany(known, template.id)) return tooManyLocales;
      await insertVersion(tx, { tenantDomain, type, locale: template.id }, saved, request.by);
      return done;
    });
  }

  /** A shipped template counts again as it was shipped. */
  private remove({ locale, ...request }: Ask<'remove-template'>): Promise<MailTemplateOutcome> {
    return this.changeType(request, async (tx, tenantDomain, type) => {
      const own = await ownTemplates(tx, tenantDomain, type);
      if (own.has(locale)) await insertVersion(tx, { tenantDomain, type, locale }, null, request.by);
      else if (!this.library.shipped(type).has(locale)) return { kind: 'unknown-template' };
      return done;
    });
  }

  /** What a mail of this type has something in place of, and what a preview has there. */
  private async placeholders({ tenantDomain, type: name, locale }: Ask<'placeholders'>): Promise<MailTemplateOutcome> {
    const type = typeOf(name);
    if (!(await this.displayNames(this.database, tenantDomain)).has(type)) return { kind: 'unknown-type' };
    const values = await this.composer.valuesOf({ times: new TimesInWords(languageOf(locale)) }, sampleRequest(tenantDomain, locale));
    const filled = [...descriptions].filter(([placeholder]) => !this.library.displayNames.has(type) || isFilledIn(placeholder, type));
    return { kind: 'placeholders', placeholders: [...filled, ...claimDescriptions].map(([placeholder, description]) => ({ name: placeholder, description, sample: values.get(placeholder) ?? '' })) };
  }

  private async versions({ tenantDomain, type: name, locale }: Ask<'versions'>): Promise<MailTemplateOutcome> {
    const type = typeOf(name);
    if (!(await this.displayNames(this.database, tenantDomain)).has(type)) return { kind: 'unknown-type' };
    const versions = await versionsOf(this.database, { tenantDomain, type, locale });
    return versions.length === 0 && !this.library.shipped(type).has(locale) ? { kind: 'unknown-template' } : { kind: 'versions', versions };
  }

  private async version({ tenantDomain, type, locale, version }: Ask<'version'>): Promise<MailTemplateOutcome> {
    const found = await versionOf(this.database, { tenantDomain, type: typeOf(type), locale }, version);
    return found ? { kind: 'version', ...found } : { kind: 'unknown-version' };
  }

  /** As a new version. What was taken when it was saved is compiled again: the rules, or where keys are at home, may have changed. */
  private async restore({ version, locale, ...request }: Ask<'restore-version'>): Promise<MailTemplateOutcome> {
    const found = await versionOf(this.database, { tenantDomain: request.tenantDomain, type: typeOf(request.type), locale }, version);
    if (!found) return { kind: 'unknown-version' };
    const saved = found.template && (await this.taken(request.tenantDomain, found.template));
    return this.changeType(request, async (tx, tenantDomain, type) => {
      if (saved && isOneTooMany(await this.templates(tx, tenantDomain, type), locale)) return tooManyLocales;
      await insertVersion(tx, { tenantDomain, type, locale }, saved, request.by);
      return done;
    });
  }

  /** @throws TemplateError for what is not allowed, or becomes a larger mail than anybody wants */
  private async taken(tenantDomain: string, source: MailTemplateSource): Promise<SavedTemplate> {
    const compiled = await compileTemplate(source, this.keyOrigin);
    const { raw } = await this.composer.compose({ ...sampleRequest(tenantDomain, source.id), draft: readyTemplate(compiled, source.id) });
    if (raw.length > maxMailBytes) throw new TemplateError(`body: the mail has ${raw.length} bytes, filled in with sample values, expected at most ${maxMailBytes}`);
    return { source, compiled };
  }

  private changeType({ tenantDomain, type: name }: { readonly tenantDomain: string; readonly type: string }, work: (tx: SqlExecutor, tenantDomain: string, type: string) => Promise<MailTemplateOutcome>): Promise<MailTemplateOutcome> {
    const type = typeOf(name);
    return this.change(tenantDomain, async (tx) => ((await this.displayNames(tx, tenantDomain)).has(type) ? work(tx, tenantDomain, type) : { kind: 'unknown-type' }));
  }

  private change(tenantDomain: string, work: (tx: SqlExecutor) => Promise<MailTemplateOutcome>): Promise<MailTemplateOutcome> {
    return this.database.transaction(async (tx) => {
      await lockTemplates(tx, tenantDomain);
      const outcome = await work(tx);
      await forgetOldVersions(tx, tenantDomain);
      return outcome;
    });
  }

  /** By type. */
  private async displayNames(executor: SqlExecutor, tenantDomain: string): Promise<ReadonlyMap<string, string>> {
    return new Map([...this.library.displayNames, ...(await ownTypes(executor, tenantDomain))]);
  }

  /** Those that count, by locale. */
  private async templates(executor: SqlExecutor, tenantDomain: string, type: string): Promise<ReadonlyMap<string, { readonly source: MailTemplateSource; readonly version: string }>> {
    const own = await ownTemplates(executor, tenantDomain, type);
    return new Map([...[...this.library.shipped(type)].map(([locale, { source }]) => [locale, { source, version: 'shipped' }] as const), ...[...own].map(([locale, { source, version }]) => [locale, { source, version: String(version) }] as const)]);
  }
}

function isOneTooMany(templates: ReadonlyMap<string, unknown>, locale: string): boolean {
  return templates.size >= maxLocales && !templates.has(locale);
}

async function removeAll(tx: SqlExecutor, tenantDomain: string, type: string, by: string): Promise<void> {
  for (const locale of (await ownTemplates(tx, tenantDomain, type)).keys()) await insertVersion(tx, { tenantDomain, type, locale }, null, by);
}
