import { isPattern, type DeploymentConfig } from '@rekey/deployment-config';

/** What of `deployment.toml` counts where an administrator has set nothing. */
export type ConnectorDefaults = Pick<DeploymentConfig, 'passwordRecovery' | 'usernameRecovery' | 'adminForcedReset' | 'selfRegistration' | 'userOnboarding' | 'claimUpdate' | 'accountLocking' | 'passwordPolicy' | 'passwordHistory'>;

/** One setting of a connector: WSO2's name and words for it, and what its text means. */
export interface Property<Value> {
  readonly name: string;
  /** As WSO2's Console labels it. */
  readonly displayName: string;
  readonly description: string;
  /** Where `deployment.toml` says what counts until an administrator does; null: nowhere. */
  readonly key: string | null;
  /** Of what has one value alone, why; null of what can be changed. */
  readonly fixedBecause: string | null;
  readonly type: 'boolean' | 'integer' | 'string';
  /** What would fit, for whoever sent something else. */
  readonly expected: string;
  /** @returns undefined where the text does not fit */
  readonly parse: (text: string) => Value | undefined;
  readonly defaultOf: (config: ConnectorDefaults) => Value;
  readonly defaultTextOf: (config: ConnectorDefaults) => string;
}

type Words = Pick<Property<unknown>, 'name' | 'displayName' | 'description'> & { readonly key?: string };

interface Kind<Value> {
  readonly type: Property<Value>['type'];
  readonly expected: string;
  readonly parse: (text: string) => Value | undefined;
  readonly textOf?: (value: Value) => string;
}

function property<Value>(words: Words, { type, expected, parse, textOf = String }: Kind<Value>, defaultOf: (config: ConnectorDefaults) => Value): Property<Value> {
  return { key: null, fixedBecause: null, ...words, type, expected, parse, defaultOf, defaultTextOf: (config) => textOf(defaultOf(config)) };
}

export function toggle(words: Words, defaultOf: (config: ConnectorDefaults) => boolean): Property<boolean> {
  return property(words, { type: 'boolean', expected: '"true" or "false"', parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined) }, defaultOf);
}

/** Of what WSO2 offers and Rekey does not, or always does: a client that relies on another value must not seem to have its way. */
export function fixed(words: Words, text: string, reason: string): Property<string> {
  const type = text === 'true' || text === 'false' ? 'boolean' : /^\d+$/.test(text) ? 'integer' : 'string';
  return { ...property(words, { type, expected: `"${text}": ${reason}`, parse: (other) => (other === text ? text : undefined) }, () => text), fixedBecause: reason };
}

/** @param unit for the message, e.g. `minutes` */
export function whole(words: Words, min: number, max: number, defaultOf: (config: ConnectorDefaults) => number, unit = 'number'): Property<number> {
  const expected = unit === 'number' ? `a whole number from ${min} to ${max}` : `whole ${unit} from ${min} to ${max}`;
  return property(words, { type: 'integer', expected, parse: (text) => (/^\d{1,6}$/.test(text) ? within(Number(text), min, max) : undefined) }, defaultOf);
}

export function ratio(words: Words, min: number, max: number, defaultOf: (config: ConnectorDefaults) => number): Property<number> {
  return property(words, { type: 'integer', expected: `a number from ${min} to ${max}`, parse: (text) => (/^\d{1,6}(\.\d{1,6})?$/.test(text) ? within(Number(text), min, max) : undefined) }, defaultOf);
}

/** Minutes, as WSO2 has them, of what `deployment.toml` gives in seconds: parts of a minute are there only where the file asks for them. */
export function secondsInMinutes(words: Words, maxMinutes: number, defaultOf: (config: ConnectorDefaults) => number): Property<number> {
  const parse = (text: string) => {
    const minutes = /^\d{1,6}(\.\d{1,4})?$/.test(text) ? within(Number(text), 0, maxMinutes) : undefined;
    return minutes === undefined ? undefined : Math.round(minutes * 60);
  };
  return property(words, { type: 'integer', expected: `minutes from 0 to ${maxMinutes}`, parse, textOf: (seconds) => String(Number((seconds / 60).toFixed(4))) }, defaultOf);
}

/** A regular expression that a whole text is to match. */
export function pattern(words: Words, sourceOf: (config: ConnectorDefaults) => string): Property<RegExp> {
  const anchored = (source: string) => new RegExp(`^(?:${source})$`, 'u');
  const parse = (source: string) => (isPattern(source) ? anchored(source) : undefined);
  return { key: null, fixedBecause: null, ...words, type: 'string', expected: 'a regular expression', parse, defaultOf: (config) => anchored(sourceOf(config)), defaultTextOf: sourceOf };
}

/** The source of a regular expression; nothing for none. */
export function optionalPattern(words: Words, defaultOf: (config: ConnectorDefaults) => string | null): Property<string | null> {
  return property<string | null>(words, { type: 'string', expected: 'a regular expression, or nothing', parse: (text) => (text === '' ? null : isPattern(text) ? text : undefined), textOf: (value) => value ?? '' }, defaultOf);
}

export function text(words: Words, maxLength: number, defaultText: string): Property<string> {
  return property(words, { type: 'string', expected: `a text of 1 to ${maxLength} characters`, parse: (other) => (other.trim() !== '' && other.length <= maxLength ? other : undefined) }, () => defaultText);
}

function within(number: number, min: number, max: number): number | undefined {
  return number >= min && number <= max ? number : undefined;
}
