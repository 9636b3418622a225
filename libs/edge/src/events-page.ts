import { escaped } from './escaped.ts';

type Schema = Readonly<Record<string, unknown>>;

/** An AsyncAPI 3.0 document, as far as its page is about it: its messages stand in `components`, and channels refer to them by name. */
export interface DocumentedEvents {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly channels: Readonly<Record<string, { readonly address: string; readonly description: string; readonly messages: Readonly<Record<string, unknown>> }>>;
  readonly components: { readonly messages: Readonly<Record<string, DocumentedMessage>> };
}

interface DocumentedMessage {
  readonly summary: string;
  readonly payload: Schema;
  readonly examples: readonly [{ readonly payload: unknown }];
}

/** @returns the page's main part, which needs no script */
export function shownEvents({ info, channels, components }: DocumentedEvents, file: string): string {
  const topics = Object.values(channels).map(({ address, description, messages }) => {
    const shown = Object.keys(messages).flatMap((name) => (components.messages[name] ? [shownMessage(name, components.messages[name])] : []));
    return `<section><h2><code>${escaped(address)}</code></h2><p>${escaped(description)}</p>${shown.join('')}</section>`;
  });
  return `<main class="events"><h1>${escaped(info.title)} <small>${escaped(info.version)}</small></h1><p class="lead">${escaped(info.description)}</p><a class="file" href="${file}">${escaped(file.split('/').at(-1) ?? file)}</a>${topics.join('')}</main>`;
}

function shownMessage(name: string, { summary, payload, examples }: DocumentedMessage): string {
  const rows = fieldsOf(payload, '').map(({ path, type, isRequired }) => `<tr><th scope="row"><code>${escaped(path)}</code></th><td>${escaped(type)}</td><td>${isRequired ? 'always' : 'optional'}</td></tr>`);
  return `<article id="${escaped(name)}"><h3><a href="#${escaped(name)}">${escaped(name)}</a></h3><p>${escaped(summary)}</p>
<details><summary>Fields of ${escaped(name)}</summary><table><thead><tr><th scope="col">Field</th><th scope="col">What it is</th><th scope="col">There</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>
<details><summary>Example of ${escaped(name)}</summary><pre tabindex="0">${escaped(JSON.stringify(examples[0].payload, null, 2))}</pre></details></article>`;
}

interface Field {
  /** `user.id` */
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
}

function fieldsOf(schema: Schema, above: string): readonly Field[] {
  const { properties = {}, required } = objectIn(schema);
  return Object.entries(isSchema(properties) ? properties : {}).flatMap(([name, field]) => {
    if (!isSchema(field)) return [];
    const path = `${above}${name}`;
    return [{ path, type: typeOf(field), isRequired: Array.isArray(required) && required.includes(name) }, ...fieldsOf(field, `${path}.`)];
  });
}

/** Of what may be null, what it is otherwise. */
function objectIn(schema: Schema): Schema {
  return alternatives(schema).find(({ type }) => type !== 'null') ?? schema;
}

function alternatives({ anyOf }: Schema): readonly Schema[] {
  return Array.isArray(anyOf) ? anyOf.filter(isSchema) : [];
}

function typeOf(schema: Schema): string {
  const { type, format, const: constant, enum: values, maxLength, additionalProperties } = schema;
  if (alternatives(schema).length > 0) return alternatives(schema).map(typeOf).join(', or ');
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(', ');
  if (format === 'uuid') return 'a UUID';
  if (format === 'date-time') return 'a time, RFC 3339 in UTC';
  if (type === 'object') return isSchema(additionalProperties) ? `${typeOf(additionalProperties)}, by name` : 'an object';
  if (type === 'string') return typeof maxLength === 'number' ? `text, at most ${maxLength} characters` : 'text';
  return type === 'integer' ? 'a whole number' : String(type);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
