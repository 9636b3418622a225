import { isIP } from 'node:net';

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * Whether a request names this server. A page elsewhere can have its own name point here (DNS rebinding), also to a port that a container
 * publishes on loopback, and would read the mails with their links otherwise. An address cannot be made to point elsewhere: a server that
 * is open to the network answers to each of its own.
 * @param host the address that it listens on
 * @param names of its own beside localhost, in lower case
 */
export function isOwnName(host: string, names: readonly string[], hostHeader: string | undefined): boolean {
  const name = hostHeader?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1').toLowerCase() ?? '';
  if (name === 'localhost' || names.includes(name)) return true;
  return isIP(name) !== 0 && (!loopback.test(host) || loopback.test(name));
}
