import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { withoutLastSoftBreak } from './quoted-printable.ts';

export interface MimeMessage {
  /** The whole header, as `fromHeader` makes it. */
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
  readonly date: Date;
  /** As in `<html lang>`. */
  readonly language: string;
  /** Blocks of quoted-printable text. */
  readonly text: string;
  /** The same; null: the mail is plain text alone. */
  readonly html: string | null;
}

/** In quoted-printable text there is no such line, whatever it says: there = is =3D. */
const boundary = '=_alternative';
const plainSubject = /^[\x21-\x7e](?:[\x20-\x7e]{0,65}[\x21-\x7e])?$/;
const plainAddress = /^[A-Za-z0-9][\w.+%-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

/** What Exchange would answer by itself, but for the report that a mail came back: that is wanted. */
const suppressedByExchange = 'X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply';

const plainLanguage = /^[A-Za-z0-9-]{1,40}$/;

/** Encoded once: all mails have the same. */
export function fromHeader(from: { readonly name: string; readonly address: string }): string {
  return header('From', from);
}

/** The whole message (RFC 5322). Whatever of its headers does not stand for itself is nodemailer's to encode. */
export function mimeMessage({ from, to, subject, messageId, date, language, text, html }: MimeMessage): Buffer {
  const headers = [
    from,
    plainAddress.test(to) && to.length < 70 ? `To: ${to}` : header('To', { name: '', address: to }),
    plainSubject.test(subject) ? `Subject: ${subject}` : header('Subject', subject),
    `Message-ID: ${messageId}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Auto-Submitted: auto-generated',
    suppressedByExchange,
    plainLanguage.test(language) ? `Content-Language: ${language}` : header('Content-Language', language),
  ].join('\r\n');
  const plain = part('text/plain', text);
  const message = html === null ? `${headers}\r\n${plain}\r\n` : `${headers}\r\nContent-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n--${boundary}\r\n${plain}\r\n--${boundary}\r\n${part('text/html', html)}\r\n--${boundary}--\r\n`;
  return Buffer.from(message);
}

function part(type: 'text/plain' | 'text/html', blocks: string): string {
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${withoutLastSoftBreak(blocks)}`;
}

function header(name: string, value: string | { readonly name: string; readonly address: string }): string {
  return foldLines(`${name}: ${MimeNode.encodeHeaderValue(name, value)}`, 76);
}
