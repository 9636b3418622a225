import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  readonly text: string;
}

/** A POST as a client of its own may make it: fetch sets the host itself, and puts the headers of an answer in order. */
export async function rawAnswer(url: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const { hostname, port } = new URL(url);
  const asked = request({ hostname, port, path, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content), ...headers } }).end(content);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]; // what it brings
  return { status: answer.statusCode ?? 0, headers: answer.rawHeaders, text: await text(answer) };
}
