import { once } from 'node:events';
import { listenFault } from '@rekey/lifecycle';
import type { Logger } from '@rekey/observability';
import { SMTPServer } from 'smtp-server';
import type { Envelope } from './mail.ts';

export interface SmtpCatcherOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Called with each whole mail before it is acknowledged; where it fails the sender is told to try again. */
  readonly onMail: (envelope: Envelope, raw: Buffer) => Promise<void>;
  readonly log: Logger;
}

export interface SmtpCatcher {
  readonly port: number;
  close(): Promise<void>;
}

const maxMailBytes = 10 * 1024 * 1024;
const mostConnections = 200;
/** Senders keep their connections open: they are told, and then cut off. */
const closeTimeoutMs = 500;

class MailRefused extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * An SMTP server that takes every mail for everyone. Credentials are not needed, and any are right.
 * @throws Error with one line for a person where the port is in use
 */
export async function startSmtpCatcher({ host, port, onMail, log }: SmtpCatcherOptions): Promise<SmtpCatcher> {
  const server = new SMTPServer({
    name: 'rekey-inbox',
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: maxMailBytes,
    maxClients: mostConnections,
    closeTimeout: closeTimeoutMs,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anyone' }),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxMailBytes) chunks.push(chunk);
      });
      stream.once('error', done);
      stream.once('end', () => {
        if (bytes > maxMailBytes) return done(new MailRefused(552, `5.3.4 a mail may have ${maxMailBytes} bytes`));
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        onMail({ from, to: envelope.rcptTo.map(({ address }) => address) }, Buffer.concat(chunks)).then(
          () => done(null, '2.0.0 caught'),
          (err: unknown) => {
            log.error({ err }, 'a mail could not be kept');
            done(new MailRefused(451, '4.3.0 could not be kept, try again'));
          },
        );
      });
    },
  });
  const listening = once(server.server, 'listening');
  listening.catch(() => undefined);
  server.on('error', (err: Error) => log.debug({ err }, 'a connection of the mail catcher broke'));
  server.listen(port, host);
  await listening.catch((error: unknown) => {
    throw listenFault(error, port, 'the inbox cannot catch mails there');
  });

  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
