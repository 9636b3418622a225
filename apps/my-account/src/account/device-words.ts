/** What of a browser a person can tell it by. */
export interface Device {
  readonly browser: string | null;
  readonly system: string | null;
}

/** Those that pass for others come first. */
const browsers = [['Edge', /\bEdgA?\//], ['Opera', /\bOPR\//], ['Samsung Internet', /\bSamsungBrowser\//], ['Firefox', /\b(?:Firefox|FxiOS)\//], ['Chrome', /\b(?:Chrome|CriOS)\//], ['Safari', /\bSafari\//], ['curl', /^curl\//]] as const;
const systems = [['iPhone', /\biPhone\b/], ['iPad', /\biPad\b/], ['Android', /\bAndroid\b/], ['ChromeOS', /\bCrOS\b/], ['Windows', /\bWindows\b/], ['macOS', /\bMac OS X\b/], ['Linux', /\bLinux\b/]] as const;

/** @param userAgent what the browser said of itself, which may be anything */
export function deviceOf(userAgent: string | null): Device {
  const first = (list: readonly (readonly [string, RegExp])[]) => list.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0] ?? null;
  return { browser: first(browsers), system: first(systems) };
}
