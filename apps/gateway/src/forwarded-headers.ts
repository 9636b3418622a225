import type { IncomingHttpHeaders } from 'node:http';

/** For one connection only (RFC 9110 section 7.6.1), or answered by the gateway itself (`expect`). */
const ofTheConnection = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'];
/** Whoever asks may write these as they like: what the services may believe is set anew. */
const aboutTheSender = /^(forwarded|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|via)$/;

export interface Sender {
  readonly address: string;
  readonly protocol: string;
  /** As the sender wrote it: the services compare a browser's `Origin` with it. */
  readonly host: string | undefined;
  readonly hasBody: boolean;
}

/** @returns the headers of a request as an upstream gets them */
export function requestHeaders(headers: Readonly<IncomingHttpHeaders>, { address, protocol, host, hasBody }: Sender): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name) && !aboutTheSender.test(name) && (hasBody || name !== 'content-length'));
  return { ...Object.fromEntries(kept), ...(host === undefined ? {} : { host }), 'x-forwarded-for': address, 'x-forwarded-proto': protocol };
}

/** @returns the headers of an answer as they go on to who asked */
export function answerHeaders(headers: Readonly<IncomingHttpHeaders>): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name)));
}
