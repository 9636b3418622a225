import { createLogger } from '@rekey/observability';
import { anSmtpSink, type SmtpSink, type SmtpSinkOptions } from '@rekey/test-kit';
import { SmtpRelay, type SmtpRelayOptions } from '../smtp/smtp-relay.ts';
import type { RelayAddress } from '../smtp/relay-address.ts';
import { RawRelay, type Answers } from './raw-relay.ts';

export const wanted = (): Promise<boolean> => Promise.resolve(true);
export const credentials = { username: 'rekey', password: 'relay secret' };
/** Short enough to wait for, and by a steady clock long enough for an answer on a busy machine. */
export const impatient = { connectMs: 500, commandMs: 500, dataMs: 500 };

/** Senders, and relays for them to talk to; `close` ends them all. */
export class RelaysUnderTest {
  private readonly log = createLogger('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  private readonly opened: { close(): Promise<void> }[] = [];

  /** A relay of good manners, which remembers what was said. */
  async aSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
    return this.toBeClosed(await anSmtpSink({ keepDialogue: true, ...options }));
  }

  async aRawRelay(answers: Answers = {}, options: Parameters<typeof RawRelay.open>[1] = {}): Promise<RawRelay> {
    return this.toBeClosed(await RawRelay.open(answers, options));
  }

  /** The sender's side. */
  aRelay({ host, port }: { readonly host: string; readonly port: number }, address: Partial<RelayAddress> = {}, options: Partial<SmtpRelayOptions> = {}): SmtpRelay {
    return this.toBeClosed(new SmtpRelay({ name: host, host, port, tls: 'none', credentials: null, ...address }, { connections: 10, log: this.log, ...options }));
  }

  toBeClosed<Opened extends { close(): Promise<void> }>(opened: Opened): Opened {
    this.opened.push(opened);
    return opened;
  }

  async close(): Promise<void> {
    for (const opened of this.opened.splice(0).reverse()) await opened.close();
  }
}

/** The verbs that a relay has heard, in order. */
export function verbsOf({ dialogue }: SmtpSink): string[] {
  return dialogue.filter((line) => line.startsWith('C: ')).map((line) => line.slice(3).split(/[ :]/, 1)[0] ?? '');
}
