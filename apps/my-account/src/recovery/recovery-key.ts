import { useSyncExternalStore } from 'react';

/** The key of a recovery link, and how many links this page has been opened with: a name for the key that gives nothing away. */
export interface OpenedLink {
  readonly key: string | null;
  readonly number: number;
}

let opened: OpenedLink = { key: null, number: 0 };
const listeners = new Set<() => void>();

/**
 * Takes the key out of the fragment and out of the address bar (and so out of the history), now and whenever another link is opened in
 * this page: going from one fragment to the next loads nothing anew. The key is kept in memory alone: a reload needs the mail's link again.
 */
export function keepKeysOutOfAddress(): void {
  takeKeyFromAddress();
  window.addEventListener('hashchange', takeKeyFromAddress);
}

export function useOpenedLink(): OpenedLink {
  return useSyncExternalStore(listen, () => opened);
}

/** For a key that is spent. */
export function forgetKey(): void {
  open(null);
}

function takeKeyFromAddress(): void {
  if (location.hash === '') return;
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  history.replaceState(history.state, '', location.pathname + location.search);
  if (key !== null) open(key === '' ? null : key);
}

function open(key: string | null): void {
  opened = { key, number: opened.number + 1 };
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
