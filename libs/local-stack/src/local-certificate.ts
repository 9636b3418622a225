import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import selfsigned from 'selfsigned';
import { readIfPresent, writePrivateFile } from './data-folder/private-file.ts';

/** PEM, as `tls.createServer` takes it. */
export interface LocalCertificate {
  readonly key: string;
  readonly cert: string;
}

const dayMs = 24 * 60 * 60 * 1000;
/** What browsers and Apple's platforms accept from an own authority: at most 825 days. */
const validDays = 825;
const renewBeforeMs = 30 * dayMs;

/**
 * The self-signed certificate (EC P-256) of the local modes for `hostname`, `localhost`, 127.0.0.1 and ::1. Kept in `certificate.pem`
 * (mode 0600, key and certificate in one file, so that they always belong together); made anew 30 days before it expires, or when it
 * lacks the host name.
 *
 * @throws LocalStackError if the folder cannot be written
 */
export async function localCertificate(folder: string, hostname: string): Promise<LocalCertificate> {
  const file = join(folder, 'certificate.pem');
  const present = usable(await readIfPresent(file), hostname);
  if (present !== undefined) return present;
  const made = await generate(hostname);
  await writePrivateFile(file, `${made.key.trimEnd()}\n${made.cert.trimEnd()}\n`);
  // Of two that start at once, both take what the later one wrote.
  return usable(await readIfPresent(file), hostname) ?? made;
}

async function generate(hostname: string): Promise<LocalCertificate> {
  const now = Date.now();
  const names = [...new Set(['localhost', '127.0.0.1', '::1', hostname])];
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: hostname.slice(0, 64) }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A clock that is behind by less than a day does not refuse it.
    notBeforeDate: new Date(now - dayMs),
    notAfterDate: new Date(now + (validDays - 1) * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((name) => (isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name })) },
    ],
  });
  return { key, cert };
}

function usable(pem: string | undefined, hostname: string): LocalCertificate | undefined {
  const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/.exec(pem ?? '')?.[0];
  const cert = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem ?? '')?.[0];
  if (key === undefined || cert === undefined) return undefined;
  try {
    const certificate = new X509Certificate(cert);
    const names = isIP(hostname) === 0 ? certificate.checkHost(hostname) : certificate.checkIP(hostname);
    const isLasting = Date.parse(certificate.validTo) - Date.now() > renewBeforeMs;
    return names !== undefined && isLasting && certificate.checkPrivateKey(createPrivateKey(key)) ? { key: `${key}\n`, cert: `${cert}\n` } : undefined;
  } catch {
    // Unreadable: made anew.
    return undefined;
  }
}
