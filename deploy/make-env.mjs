// `npm run deploy:env`: writes .env beside docker-compose.yml, with keys and passwords made for this deployment alone. Compose reads it by
// itself. Nothing is ever overwritten: with other keys, what is sealed could not be opened, and the database keeps its first passwords.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, prepare, root, say } from '../tools/run/prepare.mjs';
import { readOptions } from '../tools/run/read-options.mjs';

const usage = `
npm run deploy:env -- [--hostname NAME] [--base-url URL] [--file FILE]

Writes .env beside docker-compose.yml, with keys and passwords of this deployment's own. A file that is there is kept.

  --hostname NAME   by which people reach it (default localhost)
  --base-url URL    that links begin with (default https://<hostname>:9443)
  --file FILE       in the place of .env
`;

const { hostname, 'base-url': baseUrl, file } = readOptions(usage, { hostname: { type: 'string', default: 'localhost' }, 'base-url': { type: 'string' }, file: { type: 'string', default: path.join(root, '.env') } });
for (const [name, value = ''] of Object.entries({ hostname, 'base-url': baseUrl })) if (/['\s]/.test(value)) fail(`--${name} must have no quotes or spaces`);
await prepare();
const { generateKeys } = await import('@rekey/local-stack');
const [recovery, notification] = await Promise.all([generateKeys(), generateKeys()]);
const variables = {
  REKEY_HOSTNAME: hostname,
  REKEY_BASE_URL: baseUrl ?? `https://${hostname}:9443`,
  ADMIN_PASSWORD: password(),
  POSTGRES_PASSWORD: password(),
  RECOVERY_DB_PASSWORD: password(),
  NOTIFICATION_DB_PASSWORD: password(),
  SEALING_PUBLIC_KEY: JSON.stringify(notification.sealing.publicKey),
  SEALING_PRIVATE_KEY: JSON.stringify(notification.sealing.privateKey),
  RECOVERY_SIGNING_PUBLIC_KEY: JSON.stringify(recovery.signing.publicKey),
  RECOVERY_SIGNING_PRIVATE_KEY: JSON.stringify(recovery.signing.privateKey),
  NOTIFICATION_SIGNING_PUBLIC_KEY: JSON.stringify(notification.signing.publicKey),
  NOTIFICATION_SIGNING_PRIVATE_KEY: JSON.stringify(notification.signing.privateKey),
};

const lines = [
  '# Secrets of this deployment: keep a copy where only you can read it. Quotes keep Compose from looking for variables in the values.',
  ...Object.entries(variables).map(([name, value]) => `${name}='${value}'`),
  '',
  '# Your mail relay; without it the mail catcher gets every mail.',
  "# MAIL_HOST='smtp.example.com'",
  "# MAIL_PORT='587'",
  "# MAIL_FROM='no-reply@example.com'",
  "# MAIL_AUTHENTICATION='true'",
  "# MAIL_USERNAME='rekey'",
  "# MAIL_PASSWORD=''",
  '',
];
await writeFile(file, lines.join('\n'), { flag: 'wx', mode: 0o600 }).catch((error) =>
  fail(error.code === 'EEXIST' ? `${file} is there already, and is kept: its keys and passwords belong to what is in the databases` : `${file} cannot be written (${error.code})`),
);
say(`wrote ${path.relative('.', file) || file}; the administrator is "admin", with ADMIN_PASSWORD in that file`);

/** 192 random bits, in letters that need no quoting anywhere. */
function password() {
  return randomBytes(24).toString('base64url');
}
