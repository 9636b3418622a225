import { useLocation } from 'react-router';

/** What one page passes on to the next one, beside the address: it survives a reload and is gone where the address is opened by itself. */
export interface PassedOn {
  readonly username?: string;
  /** Milliseconds since 1970. */
  readonly sentAt?: number;
  /** Of a recovery by a code: the code alone, which only the mail has, is right with it. */
  readonly flow?: string;
  /** What the link was for was done a page ago. */
  readonly done?: true;
  /** The session here has not ended with the old password. */
  readonly staysSignedIn?: true;
  /** The person was signed in until now. */
  readonly signedOut?: true;
  /** The page that takes being signed in first. */
  readonly then?: string;
  /** Where the person goes on: the server has checked it. */
  readonly callback?: string;
}

/** The browser gives back what an earlier version of the pages may have stored: nothing in it is taken for granted. */
export function usePassedOn(): PassedOn {
  const state: unknown = useLocation().state;
  if (typeof state !== 'object' || state === null) return {};
  return {
    ...('username' in state && typeof state.username === 'string' && { username: state.username }),
    ...('sentAt' in state && typeof state.sentAt === 'number' && { sentAt: state.sentAt }),
    ...('flow' in state && typeof state.flow === 'string' && { flow: state.flow }),
    ...('done' in state && state.done === true && { done: true }),
    ...('staysSignedIn' in state && state.staysSignedIn === true && { staysSignedIn: true }),
    ...('signedOut' in state && state.signedOut === true && { signedOut: true }),
    ...('then' in state && typeof state.then === 'string' && /^\/\w*$/.test(state.then) && { then: state.then }),
    ...('callback' in state && typeof state.callback === 'string' && /^https?:\/\//i.test(state.callback) && { callback: state.callback }),
  };
}
