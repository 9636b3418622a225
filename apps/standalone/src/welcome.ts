import type { Standalone } from './standalone.ts';

/** Where everything is, and what to try first. */
export function welcome({ baseUrl, inboxUrl, relay, dataFolder }: Standalone): string {
  const mail = inboxUrl === null ? `Mails go to your relay at ${relay}.` : `Mails go to the inbox:  ${inboxUrl}`;
  return `
  Rekey is ready.

    My Account   ${baseUrl}/myaccount/      (self-signed certificate: your browser will ask)
    ${inboxUrl === null ? `Mail relay   ${relay}` : `Inbox        ${inboxUrl}      (every mail that Rekey sends here)`}
    REST API     ${baseUrl}/api/            (admin / admin)
    Data         ${dataFolder}

  Try it: open My Account, click "Password", enter the username kim, click Submit. ${mail}

    curl -k -X POST -H "Authorization: Basic YWRtaW46YWRtaW4=" -H "Content-Type: application/json" \\
      -d '{"user": {"username": "kim","realm": "PRIMARY","tenant-domain":"carbon.super"},"properties": []}' \\
      "${baseUrl}/api/identity/recovery/v0.9/recover-password?type=email&notify=true"

  Ctrl-C ends it; the data stays.

`;
}
