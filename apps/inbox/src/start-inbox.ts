import { isIP } from 'node:net';
import type { Logger } from '@rekey/observability';
import { MailFolder } from './mail-folder.ts';
import { MailShelf } from './mail-shelf.ts';
import { startSmtpCatcher } from './smtp-catcher.ts';
import { LiveUpdates } from './web/live-updates.ts';
import { startWebInbox } from './web/web-inbox.ts';

export interface InboxOptions {
  /** The address that both listen on. */
  readonly host: string;
  /** Host names that the pages answer to, beside localhost and addresses; default none. */
  readonly names?: readonly string[];
  /** 0 takes a free one. */
  readonly smtpPort: number;
  readonly webPort: number;
  /** Where mails are kept across restarts; without it they live as long as the process. */
  readonly folder?: string;
  readonly log: Logger;
}

export interface Inbox {
  /** Of the pages, such as `http://localhost:9025`. */
  readonly url: string;
  readonly smtpPort: number;
  close(): Promise<void>;
}

/**
 * A mail relay for development that delivers nothing: what it is given is shown in a web inbox. The newest 500 mails are kept.
 * @throws Error with one line for a person: a port in use, a folder that cannot be made
 */
export async function startInbox({ host, names = [], smtpPort, webPort, folder, log }: InboxOptions): Promise<Inbox> {
  const shelf = await MailShelf.open(folder === undefined ? null : await MailFolder.open(folder));
  const updates = new LiveUpdates();
  const catcher = await startSmtpCatcher({
    host,
    port: smtpPort,
    log,
    async onMail(envelope, raw) {
      const { id, sizeBytes } = await shelf.add(envelope, raw);
      log.debug({ id, sizeBytes }, 'mail caught');
      updates.tell('caught');
    },
  });
  try {
    const web = await startWebInbox({ host, port: webPort, names, smtpPort: catcher.port, shelf, updates });
    return {
      url: `http://${nameOf(host)}:${web.port}`,
      smtpPort: catcher.port,
      async close() {
        await Promise.all([web.close(), catcher.close()]);
      },
    };
  } catch (error) {
    await catcher.close();
    throw error;
  }
}

function nameOf(host: string): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return 'localhost';
  return isIP(host) === 6 ? `[${host}]` : host;
}
