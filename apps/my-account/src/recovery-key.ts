/**
 * Takes the key out of the fragment and out of the address bar (and so out of the history). It is kept in memory alone: a reload needs
 * the mail's link again.
 */
export function takeKeyFromAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
  return key;
}
