import { createHmac } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { hostname } from 'node:os';
import { isLoopbackHost } from '@rekey/deployment-config';
import type { RelayAddress, SmtpTimeouts } from './relay-address.ts';
import { RelayError } from './relay-error.ts';
import { closing, Deadline, type Answer, type SmtpConnection } from './smtp-connection.ts';
import { SmtpExtensions } from './smtp-extensions.ts';

/**
 * From connecting to where mails can be sent: greeting, EHLO, STARTTLS, AUTH.
 * @returns what the relay offers
 * @throws RelayError where it cannot be used
 */
export async function initiate(connection: SmtpConnection, relay: RelayAddress, { connectMs, commandMs }: SmtpTimeouts): Promise<SmtpExtensions> {
  await connection.open(new Deadline(connectMs));
  requireCode(await connection.answer(new Deadline(commandMs)), 220);
  const offered = await greet(connection, relay, commandMs);
  const extensions = (await secure(connection, relay, offered, commandMs)) ? await greet(connection, relay, commandMs) : offered;
  if (relay.credentials) await signIn(connection, relay.host, relay.credentials, extensions, new Deadline(commandMs));
  return extensions;
}

async function greet(connection: SmtpConnection, { tls }: RelayAddress, commandMs: number): Promise<SmtpExtensions> {
  connection.say({ stage: 'ehlo', line: `EHLO ${ownName()}` });
  const answer = await connection.answer(new Deadline(commandMs));
  if (isSuccess(answer.code)) return SmtpExtensions.of(answer.text);
  // Behind HELO there is no STARTTLS.
  if (answer.code === closing || (tls === 'starttls' && !connection.isSecure)) throw refused(answer);
  connection.say({ stage: 'ehlo', line: `HELO ${ownName()}` });
  requireCode(await connection.answer(new Deadline(commandMs)));
  return SmtpExtensions.none;
}

/** @returns whether the connection is secure since now */
async function secure(connection: SmtpConnection, { tls }: RelayAddress, offered: SmtpExtensions, commandMs: number): Promise<boolean> {
  const isWanted = tls === 'starttls' || (tls === 'opportunistic' && offered.has('STARTTLS'));
  if (!isWanted || connection.isSecure) return false;
  const deadline = new Deadline(commandMs);
  connection.say({ stage: 'starttls', line: 'STARTTLS' });
  const answer = await connection.answer(deadline);
  if (!isSuccess(answer.code)) {
    if (tls === 'starttls' || answer.code === closing) throw refused(answer);
    return false;
  }
  await connection.secure(deadline);
  return true;
}

type Credentials = NonNullable<RelayAddress['credentials']>;

/** A way to sign in (RFC 4954). */
interface Mechanism {
  readonly name: string;
  /** What goes with AUTH itself. */
  readonly initial?: (credentials: Credentials) => string;
  /** What each challenge is answered with. */
  readonly responses: readonly ((credentials: Credentials, challenge: string) => string)[];
}

/** RFC 4616. */
const plain: Mechanism = { name: 'PLAIN', initial: ({ username, password }) => `\0${username}\0${password}`, responses: [] };
const login: Mechanism = { name: 'LOGIN', responses: [({ username }) => username, ({ password }) => password] };
/** RFC 2195. */
const cramMd5: Mechanism = { name: 'CRAM-MD5', responses: [({ username, password }, challenge) => `${username} ${createHmac('md5', password).update(challenge).digest('hex')}`] };

async function signIn(connection: SmtpConnection, host: string, credentials: Credentials, extensions: SmtpExtensions, deadline: Deadline): Promise<void> {
  // Where TLS is not required, and its offer may have been taken away on the way (RFC 3207 section 6).
  if (!connection.isSecure && !isLoopbackHost(host)) throw new RelayError('without TLS the password would go out in the clear: it is not sent', 'auth');
  if (!extensions.has('AUTH')) throw new RelayError('the relay does not offer AUTH', 'auth');
  const { name, initial, responses } = [plain, login, cramMd5].find((mechanism) => extensions.mechanisms.includes(mechanism.name)) ?? plain;
  if (initial) connection.say({ stage: 'auth', line: `AUTH ${name} ${encode(initial(credentials))}`, shown: `AUTH ${name} …` });
  else connection.say({ stage: 'auth', line: `AUTH ${name}` });
  for (const response of responses) {
    const challenge = requireCode(await connection.answer(deadline), 334);
    connection.say({ stage: 'auth', line: encode(response(credentials, Buffer.from(challenge.slice('334 '.length), 'base64').toString())), shown: '…' });
  }
  requireCode(await connection.answer(deadline));
}

/** RFC 5321 section 4.1.3: whoever has no full name says an address. */
function ownName(): string {
  const name = hostname();
  if (isIPv4(name)) return `[${name}]`;
  return name.includes('.') ? name : '[127.0.0.1]';
}

/** @param code absent: any that says yes @returns what the relay says @throws RelayError where it says something else */
function requireCode(answer: Answer, code?: number): string {
  if (code === undefined ? isSuccess(answer.code) : answer.code === code) return answer.text;
  throw refused(answer);
}

export function refused({ text, stage, code }: Answer): RelayError {
  return new RelayError(text, stage, code);
}

export function isSuccess(code: number | null): boolean {
  return code !== null && code >= 200 && code <= 299;
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}
