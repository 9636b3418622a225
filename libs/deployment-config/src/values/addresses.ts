import { isIP } from 'node:net';
import { isLoopbackHost } from '../loopback.ts';
import { matching, secret, value } from './value.ts';

export const hostName = value('a host name', matching(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[[0-9A-Fa-f:.]+\]$/));

export const listenAddress = value('an IP address or "localhost"', (raw) => (typeof raw === 'string' && (isIP(raw) !== 0 || raw === 'localhost') ? raw : undefined));

export const broker = value('"host:port"', matching(/^[^\s:/@]+:\d{1,5}$|^\[[0-9A-Fa-f:.]+\]:\d{1,5}$/));

export const mailAddress = value('a mail address', matching(/^[^\s@<>,;]+@[^\s@<>,;]+$/));

/** Of a service on the operator's own network, where what is asked is signed: plain http will do. */
export const serviceOrigin = value('an origin such as "http://notification-service:9600"', (raw) => (typeof raw === 'string' && /^https?:\/\/[^\s/?#@\\]+\/?$/.test(raw) && URL.canParse(raw) ? new URL(raw).origin : undefined));

/** What asks for a password there is told in OTEL_EXPORTER_OTLP_HEADERS, not in the address, which logs show. */
export const collectorUrl = value('an http or https URL such as "http://collector:4318", without user, query or fragment', (raw) => {
  if (typeof raw !== 'string' || !/^https?:\/\/[^\s?#@\\]+$/.test(raw) || !URL.canParse(raw)) return undefined;
  const { origin, pathname } = new URL(raw);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
});

/** Links made of a plain http address can be read, and their keys used, by anyone on their way. */
export const expectedPublicUrl = 'an https URL such as "https://id.example.com" (plain http only on loopback), without user, query or fragment';

export const publicUrl = value(expectedPublicUrl, (raw) => (typeof raw === 'string' ? parsePublicUrl(raw) : undefined));

/** @returns the URL in its canonical form without a trailing slash, or undefined where links may not start with it */
export function parsePublicUrl(raw: string): string | undefined {
  if (!URL.canParse(raw) || /[\s\\?#]/.test(raw)) return undefined;
  const { protocol, hostname, origin, pathname, username, password } = new URL(raw);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) return undefined;
  return username || password ? undefined : `${origin}${pathname.replace(/\/+$/, '')}`;
}

/** Its path and query may be what lets one in: told to nobody. */
export const webhookUrl = secret(value('an https URL (plain http only on loopback) without user and fragment', (raw) => (typeof raw === 'string' ? parseWebhookUrl(raw) : undefined), 'kind'));

function parseWebhookUrl(raw: string): string | undefined {
  if (!URL.canParse(raw) || /[\s\\#]/.test(raw)) return undefined;
  const { protocol, hostname, href, username, password } = new URL(raw);
  if (username || password) return undefined;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname)) ? href : undefined;
}

/** Never a great part of the internet, in one range or in two: whoever asks from there could name any address as theirs. */
export const addressRange = value('an IP address or a CIDR range such as "10.0.0.0/8", of at least 8 bits (IPv6: 16)', (raw) => (typeof raw === 'string' && isAddressRange(raw) ? raw : undefined));

function isAddressRange(raw: string): boolean {
  const [address = '', bits, ...more] = raw.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= fewestBits(address) && Number(bits) <= (isIP(address) === 4 ? 32 : 128));
}

/** IPv4 addresses are IPv6 ones too, behind 96 bits (RFC 4291 section 2.5.5.2): a range that begins with zeros may hold them all. */
function fewestBits(address: string): number {
  if (isIP(address) === 4) return 8;
  return /^\[(?:::|0:)/.test(new URL(`http://[${address}]`).hostname) ? 96 + 8 : 16;
}
