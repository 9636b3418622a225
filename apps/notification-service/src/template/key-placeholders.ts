import { homes } from './placeholders.ts';
import { faultAt, type TemplatePart } from './template-fault.ts';

/** What stands for a key, or for a link that has one in it. */
const key = String.raw`\{\{\s*(?:url:)?(?:confirmation-code|reset-link)\s*\}\}`;
const wholeLink = /^\{\{\s*reset-link\s*\}\}$/;
/** What a mail program may take for one address; a placeholder is part of it. */
const words = /(?:\{\{\s*[^{}\s]+\s*\}\}|[^\s<>"])+/g;
/** Stand for placeholders while a word is looked at: a key, what whoever sets the brand or asks for the mail has written, and another value. */
const [keySign, foreignSign, valueSign] = ['\uE000', '\uE001', '\uE002'];
const signs: readonly (readonly [RegExp, string])[] = [
  [/\{\{\s*[#^/][^{}]*\}\}/g, ''],
  [new RegExp(key, 'g'), keySign],
  [/\{\{\s*(?:organization[.-]|callback\s*\})[^{}]*\}+/g, foreignSign],
  [/\{\{[^{}]*\}\}/g, valueSign],
];
const leadsToKey = new RegExp(String.raw`[./@?=&%#\\${foreignSign}]`);
/** Of a host or a mailbox the key is as good a part as of a path. */
const keyLeadsOn = new RegExp(String.raw`${keySign}[\w!#$%&'*+/=?^|~${keySign}${valueSign}-]*(?:${foreignSign}|[.@][\p{L}\p{N}${keySign}${foreignSign}${valueSign}])`, 'u');

const home = new RegExp(String.raw`\{\{\s*(?:${homes.map((name) => name.replaceAll('.', '\\.')).join('|')})\s*\}\}`, 'g');

export function holdsKey(text: string): boolean {
  return new RegExp(key).test(text);
}

/**
 * Whether a link's address leads no key astray: whoever writes a template must not learn the keys that people click on (S34). WSO2's templates
 * build links of the deployment around the key.
 * @param keyOrigin the only one that keys are for; null: wherever the author says
 */
export function keepsKey(address: string, keyOrigin: string | null): boolean {
  return keyOrigin === null || !holdsKey(address) || wholeLink.test(address) || isBelow(address.replace(home, keyOrigin), keyOrigin);
}

/** The same of words: mail programs make links of what looks like an address. @throws TemplateError with line and column */
export function requireKeysAtHome(part: TemplatePart, keyOrigin: string | null): void {
  if (keyOrigin === null) return;
  for (const { 0: written, index } of part.source.matchAll(words)) {
    const word = signs.reduce((text, [placeholders, sign]) => text.replace(placeholders, sign), written.replace(home, keyOrigin));
    const at = word.indexOf(keySign);
    if (at === -1) continue;
    const before = word.slice(0, at).replace(/^[^\p{L}\p{N}\uE001]+/u, '');
    const [address = ''] = before.split(/['()[\]]/).slice(-1); // some programs have one end there
    if (!isBelow(address, keyOrigin) && (leadsToKey.test(before) || keyLeadsOn.test(word))) throw faultAt(part, index, `expected an address below ${keyOrigin}/, or a space beside the key: whoever has another one would learn it`);
  }
}

function isBelow(address: string, origin: string): boolean {
  return address.toLowerCase().startsWith(`${origin}/`);
}
