/** Where the health endpoints of services that run alone begin; `[server] offset` is added. */
const firstHealthPort = 9600;
const portsTried = 100;

/**
 * Which ports to try, in turn: the one that was named (`--port N`, else REKEY_PORT) and no other; else 9600 + offset and those
 * behind it, so that any number of instances run on one machine.
 * @throws RangeError where what was named is no port
 */
export function healthPorts(args: readonly string[], env: NodeJS.ProcessEnv, offset: number): readonly number[] {
  const option = args.indexOf('--port');
  const named = option >= 0 ? (args[option + 1] ?? '') : env['REKEY_PORT'];
  if (named !== undefined) {
    if (!/^\d{1,5}$/.test(named) || Number(named) > 65_535) throw new RangeError(`${option >= 0 ? '--port' : 'REKEY_PORT'}: expected a port from 0 to 65535, got "${named}"`);
    return [Number(named)];
  }
  return Array.from({ length: portsTried }, (_, n) => firstHealthPort + offset + n);
}
