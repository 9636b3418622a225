const loopbackHosts = ['localhost', '127.0.0.1', '::1'];

/** @param host or address, as a URL has it too: whether nobody but programs of this machine reaches what listens there */
export function isLoopbackHost(host: string): boolean {
  return loopbackHosts.includes(host.replace(/^\[(.+)\]$/, '$1'));
}
