import { rekey } from '../rekey.ts';

export interface Said {
  readonly code: 0 | 1;
  readonly out: string;
  readonly error: string;
}

/** Runs `rekey <args>` with an environment and a person of the test's. @param typed what that person answers when a secret is asked for; null: there is nobody */
export async function rekeySaid(args: readonly string[], environment: Readonly<Record<string, string>> = {}, typed: string | null = null): Promise<Said> {
  let [out, error] = ['', ''];
  const code = await rekey(args, {
    environment,
    out: (text) => void (out += text),
    error: (text) => void (error += text),
    askSecret: (question) => {
      error += question;
      return Promise.resolve(typed);
    },
  });
  return { code, out, error };
}
