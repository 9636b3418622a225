export interface Whereabouts {
  readonly baseUrl: string;
  /** `[super_admin]` as the file has it. */
  readonly superAdmin: { readonly username: string; readonly password: string };
  /** Whether there is `kim` to try things with: not in a database of the operator's. */
  readonly hasDemoUser: boolean;
  /** null where mails go to a relay of the operator's. */
  readonly inboxUrl: string | null;
  /** `host:port` of the relay that mails go to. */
  readonly relay: string;
  readonly dataFolder: string;
  /** What else there is: a short name, and where. */
  readonly more?: readonly (readonly [name: string, place: string])[];
}

const nameWidth = 13;
const samplePassword = 'admin';

/** Where everything is, and what to try first. Of passwords it shows the sample one alone. */
export function welcome(whereabouts: Whereabouts): string {
  const { baseUrl, superAdmin, hasDemoUser, inboxUrl, relay, dataFolder, more = [] } = whereabouts;
  const signIn = superAdmin.password === samplePassword ? `${superAdmin.username} / ${samplePassword}` : `sign in as ${superAdmin.username}`;
  const places = [
    ['My Account', `${baseUrl}/myaccount/      (self-signed certificate: your browser will ask)`],
    ['Console', `${baseUrl}/console/        (${signIn})`],
    inboxUrl === null ? ['Mail relay', relay] : ['Inbox', `${inboxUrl}      (every mail that Rekey sends here)`],
    ['REST APIs', `${baseUrl}/api/docs`],
    ...more,
    ['Data', dataFolder],
  ] as const;
  return `
  Rekey is ready.

${places.map(([name, place]) => `    ${name.padEnd(nameWidth)}${place}`).join('\n')}

${hasDemoUser ? whatToTry(whereabouts) : ''}  Ctrl-C ends it; the data stays.

`;
}

function whatToTry({ baseUrl, superAdmin: { username, password }, inboxUrl, relay }: Whereabouts): string {
  const mail = inboxUrl === null ? `Mails go to your relay at ${relay}.` : `Mails go to the inbox:  ${inboxUrl}`;
  // Another password is asked for by curl itself.
  const credentials = password === samplePassword ? `-H "Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}"` : `-u '${username}'`;
  return `  Try it: open My Account, click "Forgot password?", enter the username kim, click Submit. ${mail}

    curl -k -X POST ${credentials} -H "Content-Type: application/json" \\
      -d '{"user": {"username": "kim","realm": "PRIMARY","tenant-domain":"carbon.super"},"properties": []}' \\
      "${baseUrl}/api/identity/recovery/v0.9/recover-password?type=email&notify=true"

`;
}
