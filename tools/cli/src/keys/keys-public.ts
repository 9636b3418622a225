import { notificationServiceSource } from '@rekey/events';
import { namedDeployment } from '../config/named-deployment.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const usage = `
rekey keys public [FILE]

Prints, as environment variables, what other services need to publish events and to believe what comes back, and no secret: the public
sealing key, and the notification service's public signing key, the newest where it has several. The examples read both.

  FILE   default: REKEY_CONFIG, else the deployment.toml of the checkout. Beneath it lies the file that REKEY_LOCAL names, or what
         a Rekey that runs in the data folder wrote about its own parts
`;

export const keysPublic: Command = {
  summary: 'prints the public keys that publishers and consumers need',
  usage,
  run(args, terminal) {
    const [named] = readArguments('keys public', args, {}, 1).positionals;
    const { config: { keys }, file } = namedDeployment(named, terminal, { findLocalFile: true });
    const verifying = keys.publishers.findLast(({ source }) => source === notificationServiceSource)?.publicKey;
    if (!keys.sealingPublicKey || !verifying) throw new Fault(`${file}: there is no public_key of ${keys.sealingPublicKey ? `an [[event_publisher]] whose source is "${notificationServiceSource}"` : '[keys.sealing]'}: start Rekey here, or name the file of a deployment`);
    terminal.out(`REKEY_SEALING_KEY='${JSON.stringify(keys.sealingPublicKey)}'\nREKEY_VERIFYING_KEY='${JSON.stringify(verifying)}'\n`);
  },
};
