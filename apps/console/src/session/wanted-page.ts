import { tenantPath } from '@rekey/web';

const storageKey = `rekey${tenantPath}.wanted`;

/** Keeps, for this tab, where somebody wanted to go who is sent to sign in first. A browser that keeps nothing begins at the first page. @param place below `/console` */
export function keepWantedPage(place: string): void {
  try {
    sessionStorage.setItem(storageKey, place);
  } catch {
    // See above.
  }
}

export function wantedPage(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function forgetWantedPage(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept.
  }
}
