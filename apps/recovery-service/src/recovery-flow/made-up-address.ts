/**
 * Where an account that is not there would have its mails, for the mask of it: a name that is an address itself, or the name at the domain
 * of another account of the tenant. The same name always has the same one, as long as that account keeps its own.
 */
export function madeUpAddress(name: string, anotherAddress: string | null): string {
  const local = name.toLowerCase();
  return local.includes('@') ? local : `${local}@${anotherAddress?.split('@').at(-1) ?? 'example.com'}`;
}
