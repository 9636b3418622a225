import { json } from 'node:stream/consumers';
import type { MailRelaySettings } from '@rekey/deployment-config';
import { testRelay } from './relay/relay-test.ts';

// The part of `rekey relays test` that talks SMTP, as this service does. Relays come by stdin, because there are passwords among what is said of them.
const relays = (await json(process.stdin)) as readonly MailRelaySettings[]; // as the command writes it
for (const relay of relays) process.stdout.write(`${JSON.stringify(await testRelay(relay))}\n`);
