import { isIP } from 'node:net';

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * Whether a request to a server on a loopback address names this machine. A page elsewhere can have its own name point to 127.0.0.1
 * (DNS rebinding) and would read the mails with their links otherwise. A server that is open to the network answers to every name.
 */
export function isOwnName(host: string, hostHeader: string | undefined): boolean {
  if (!loopback.test(host)) return true;
  const name = hostHeader?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1').toLowerCase() ?? '';
  return loopback.test(name) && (name === 'localhost' || isIP(name) !== 0);
}
