import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request carries its event's attributes in headers: CloudEvents' HTTP binding, binary mode. By the content type first (section 3):
 * in structured mode the same headers may be there as well, for whoever routes by them.
 */
export function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return headers['ce-specversion'] !== undefined && !/^\s*application\/cloudevents/i.test(headers['content-type'] ?? '');
}

/**
 * The same event as in structured mode, to be checked as one. The body is the data, to the byte.
 * @param headers of which those that begin with `ce-` are its attributes
 */
export function fromBinaryMode(headers: IncomingHttpHeaders, body: Buffer): Readonly<Record<string, unknown>> {
  const attributes = Object.entries(headers).flatMap(([name, value]): [string, unknown][] => (name.startsWith('ce-') ? [[name.slice('ce-'.length), textOf(value)]] : []));
  return { ...Object.fromEntries(attributes), datacontenttype: headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase(), data_base64: body.toString('base64') };
}

/** Section 3.1.3.2: it may stand in quotes, and what is not printable ASCII is percent-encoded. What cannot be decoded is left as it is: it is no attribute of ours. */
function textOf(value: string | string[] | undefined): unknown {
  if (typeof value !== 'string') return value;
  try {
    return decodeURIComponent(/^".*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
  } catch {
    return value;
  }
}
