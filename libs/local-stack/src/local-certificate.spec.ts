import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import selfsigned from 'selfsigned';
import { localCertificate } from './index.ts';

describe('the local certificate', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rekey-certificate-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each(['localhost', 'rekey.test', '127.0.0.1'])('is accepted over TLS by a client that trusts it and calls %s', async (name) => {
    const { key, cert } = await localCertificate(folder, 'rekey.test');
    const server = createServer({ key, cert }, (socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    // The name is checked against the certificate whatever the address.
    const client = connect({ host: '127.0.0.1', port, ca: cert, checkServerIdentity: (_, peer) => (new X509Certificate(peer.raw).subjectAltName?.includes(name) === true ? undefined : new Error(name)) });
    await once(client, 'secureConnect');
    expect(client.authorized).toBe(true);
    client.destroy();
    server.close();
  });

  it('is for this machine and the host name, EC P-256, and lasts no longer than 825 days', async () => {
    const certificate = new X509Certificate((await localCertificate(folder, 'rekey.test')).cert);
    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:rekey.test');
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(days).toBeGreaterThan(800);
    expect(days).toBeLessThanOrEqual(825);
  });

  it('is kept from start to start in a file for its owner only', async () => {
    const first = await localCertificate(folder, 'localhost');
    expect(await localCertificate(folder, 'localhost')).toEqual(first);
    expect((await stat(join(folder, 'certificate.pem'))).mode & 0o777).toBe(0o600);
  });

  it('is made anew for another host name, when it has expired, and when the file is damaged', async () => {
    const first = await localCertificate(folder, 'localhost');
    const renamed = await localCertificate(folder, 'rekey.test');
    expect(renamed.cert).not.toBe(first.cert);

    const expired = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2021-01-01') });
    await writeFile(join(folder, 'certificate.pem'), expired.private + expired.cert);
    expect(Date.parse(new X509Certificate((await localCertificate(folder, 'localhost')).cert).validTo)).toBeGreaterThan(Date.now());

    await writeFile(join(folder, 'certificate.pem'), 'damaged');
    const { cert } = await localCertificate(folder, 'localhost');
    expect(await readFile(join(folder, 'certificate.pem'), 'utf8')).toContain(cert);
  });
});
