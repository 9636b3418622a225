import { notificationServiceSource } from '@rekey/events';
import { madeLocalKeys } from '@rekey/local-stack';
import { namedDeployment } from '../config/named-deployment.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const usage = `
rekey keys public [FILE]

Prints, as environment variables, what other services need to publish events and to believe what comes back, and no secret: the public
sealing key, and the notification service's public signing key, the newest where it has several. The examples read both.

  FILE   default: REKEY_CONFIG, else the deployment.toml of the checkout. Beneath it lie the file that REKEY_LOCAL names, or what
         a Rekey that runs in the data folder wrote about its own parts, and the keys that were made there
`;

export const keysPublic: Command = {
  summary: 'prints the public keys that publishers and consumers need',
  usage,
  async run(args, terminal) {
    const [named] = readArguments('keys public', args, {}, 1).positionals;
    const { config: { keys }, file, home } = namedDeployment(named, terminal, { findLocalFile: true });
    // `npm start` has its keys to itself, and no file names them.
    const made = named === undefined ? await madeLocalKeys(home) : null;
    const sealing = keys.sealingPublicKey ?? made?.sealing.publicKey;
    const verifying = keys.publishers.findLast(({ source }) => source === notificationServiceSource)?.publicKey ?? made?.signing.publicKey;
    if (!sealing || !verifying) throw new Fault(`${file}: there is no public_key of ${sealing ? `an [[event_publisher]] whose source is "${notificationServiceSource}"` : '[keys.sealing]'}: start Rekey here, or name the file of a deployment`);
    terminal.out(`REKEY_SEALING_KEY='${JSON.stringify(sealing)}'\nREKEY_VERIFYING_KEY='${JSON.stringify(verifying)}'\n`);
  },
};
