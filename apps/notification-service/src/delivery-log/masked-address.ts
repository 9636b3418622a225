/** As lists show it: `kim@example.com` is `k***@example.com`, however long the name is. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '***' : `${Array.from(address)[0] ?? ''}***${address.slice(at)}`;
}
