export interface Whereabouts {
  readonly baseUrl: string;
  /** null where mails go to a relay of the operator's. */
  readonly inboxUrl: string | null;
  /** `host:port` of the relay that mails go to. */
  readonly relay: string;
  readonly dataFolder: string;
  /** What else there is: a short name, and where. */
  readonly more?: readonly (readonly [name: string, place: string])[];
}

const nameWidth = 13;

/** Where everything is, and what to try first. */
export function welcome({ baseUrl, inboxUrl, relay, dataFolder, more = [] }: Whereabouts): string {
  const mail = inboxUrl === null ? `Mails go to your relay at ${relay}.` : `Mails go to the inbox:  ${inboxUrl}`;
  const places = [
    ['My Account', `${baseUrl}/myaccount/      (self-signed certificate: your browser will ask)`],
    inboxUrl === null ? ['Mail relay', relay] : ['Inbox', `${inboxUrl}      (every mail that Rekey sends here)`],
    ['REST API', `${baseUrl}/api/            (admin / admin)`],
    ...more,
    ['Data', dataFolder],
  ] as const;
  return `
  Rekey is ready.

${places.map(([name, place]) => `    ${name.padEnd(nameWidth)}${place}`).join('\n')}

  Try it: open My Account, click "Password", enter the username kim, click Submit. ${mail}

    curl -k -X POST -H "Authorization: Basic YWRtaW46YWRtaW4=" -H "Content-Type: application/json" \\
      -d '{"user": {"username": "kim","realm": "PRIMARY","tenant-domain":"carbon.super"},"properties": []}' \\
      "${baseUrl}/api/identity/recovery/v0.9/recover-password?type=email&notify=true"

  Ctrl-C ends it; the data stays.

`;
}
