/** Defaults of the connector's properties: `deployment.toml`. */
export interface AccountRecoveryDefaults {
  readonly enable: boolean;
  readonly linkValidityMinutes: number;
  readonly notifyOnReset: boolean;
  readonly manageInternally: boolean;
  readonly callbackPattern: string;
  readonly recaptcha: boolean;
  readonly username: { readonly enable: boolean; readonly recaptcha: boolean };
}

export interface PropertyDefinition {
  /** WSO2's name. */
  readonly name: string;
  /** As WSO2's Console labels it. */
  readonly displayName: string;
  readonly description: string;
  readonly defaultValue: (defaults: AccountRecoveryDefaults) => string;
  /** @returns what was expected, or null where the value fits */
  readonly expectation: (value: string) => string | null;
}

const master = 'Recovery.Notification.Password.Enable';
const emailLink = 'Recovery.Notification.Password.emailLink.Enable';
const longestLinkMinutes = 1_440;

const trueOrFalse = (value: string) => (value === 'true' || value === 'false' ? null : '"true" or "false"');
const minutes = (value: string) => (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= longestLinkMinutes ? null : `whole minutes from 1 to ${longestLinkMinutes}`);
const anchoredPattern = (value: string) => (isPattern(value) ? null : 'a regular expression');

/** `account-recovery` of the category `Account Management`. Values are strings, as in WSO2. */
export const accountRecoveryProperties: readonly PropertyDefinition[] = [
  { name: master, displayName: 'Notification based password recovery', description: 'A person who forgot the password can ask for a link by mail.', defaultValue: ({ enable }) => String(enable), expectation: trueOrFalse },
  { name: emailLink, displayName: 'Recovery link via email', description: 'The way of notification based password recovery.', defaultValue: ({ enable }) => String(enable), expectation: trueOrFalse },
  { name: 'Recovery.ExpiryTime', displayName: 'Recovery link expiry time in minutes', description: 'How long a link works, 1 to 1440 minutes.', defaultValue: ({ linkValidityMinutes }) => String(linkValidityMinutes), expectation: minutes },
  { name: 'Recovery.NotifySuccess', displayName: 'Notify when recovery success', description: 'Mails the person when the password was changed.', defaultValue: ({ notifyOnReset }) => String(notifyOnReset), expectation: trueOrFalse },
  { name: 'Recovery.Notification.InternallyManage', displayName: 'Manage notifications sending internally', description: 'Off: the caller of the API gets the key and brings it to the person.', defaultValue: ({ manageInternally }) => String(manageInternally), expectation: trueOrFalse },
  { name: 'Recovery.CallbackRegex', displayName: 'Recovery callback URL regex', description: 'Which callback addresses a request may name; the whole address must match.', defaultValue: ({ callbackPattern }) => callbackPattern, expectation: anchoredPattern },
  { name: 'Recovery.Notification.Username.Enable', displayName: 'Username recovery', description: 'A person who forgot the username can have it mailed.', defaultValue: ({ username }) => String(username.enable), expectation: trueOrFalse },
  { name: 'Recovery.ReCaptcha.Password.Enable', displayName: 'reCaptcha for password recovery', description: 'Whoever asks for a link solves a challenge first.', defaultValue: ({ recaptcha }) => String(recaptcha), expectation: trueOrFalse },
  { name: 'Recovery.ReCaptcha.Username.Enable', displayName: 'reCaptcha for username recovery', description: 'Whoever asks for the username solves a challenge first.', defaultValue: ({ username }) => String(username.recaptcha), expectation: trueOrFalse },
];

/** What recovery reads of the properties. */
export interface AccountRecoverySettings {
  readonly notificationBasedPasswordRecovery: boolean;
  readonly linkValidityMinutes: number;
  readonly notifyOnReset: boolean;
  readonly manageInternally: boolean;
  readonly callbackPattern: RegExp;
  readonly usernameRecovery: boolean;
  readonly passwordRecaptcha: boolean;
  readonly usernameRecaptcha: boolean;
}

export function accountRecoverySettings(values: ReadonlyMap<string, string>): AccountRecoverySettings {
  const value = (name: string) => values.get(name) ?? '';
  return {
    notificationBasedPasswordRecovery: value(master) === 'true' && value(emailLink) === 'true',
    linkValidityMinutes: Number(value('Recovery.ExpiryTime')),
    notifyOnReset: value('Recovery.NotifySuccess') === 'true',
    manageInternally: value('Recovery.Notification.InternallyManage') === 'true',
    callbackPattern: new RegExp(`^(?:${value('Recovery.CallbackRegex')})$`, 'u'),
    usernameRecovery: value('Recovery.Notification.Username.Enable') === 'true',
    passwordRecaptcha: value('Recovery.ReCaptcha.Password.Enable') === 'true',
    usernameRecaptcha: value('Recovery.ReCaptcha.Username.Enable') === 'true',
  };
}

/**
 * WSO2's switches pull each other: the master turns its ways on and off with it, and a way that is turned on turns the master on. What counts
 * is what a request changes: a client that sends the whole form sends the other switch as it was.
 */
export function withDependencies(changes: ReadonlyMap<string, string>, current: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (!changes.has(master) && !changes.has(emailLink)) return changes;
  const isChanged = (name: string) => changes.has(name) && changes.get(name) !== current.get(name);
  // Mail is the only way there is, so the two are always alike.
  const decisive = isChanged(emailLink) && !isChanged(master) ? emailLink : master;
  const value = changes.get(decisive) ?? current.get(decisive) ?? 'false';
  return new Map([...changes, [master, value], [emailLink, value]]);
}

function isPattern(text: string): boolean {
  try {
    // By itself too: `a)|(?:b` is a pattern only between our brackets, and would break out of them.
    return [text, `^(?:${text})$`].every((pattern) => new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}
