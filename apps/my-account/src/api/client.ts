import { answered, rekey } from '@rekey/web';
import { solving, type Asking } from '../captcha/solving.ts';

export type PasswordPolicy = Awaited<ReturnType<typeof api.checkKey>>['passwordPolicy'];

export const api = {
  signIn: async (body: { username: string; password: string }) => (await answered(rekey.POST('/session', { body }))).user,
  signOut: async () => answered(rekey.DELETE('/session')),
  requestLink: async (username: string, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/recovery', { body: { username, ...captcha } }))),
  sendAgain: async (username: string, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/recovery/resend', { body: { username, ...captcha } }))),
  sendConfirmation: async (username: string, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/registration/resend', { body: { username, ...captcha } }))),
  checkKey: async (key: string) => answered(rekey.POST('/recovery/key', { body: { key } })),
  confirmAccount: async (key: string) => answered(rekey.POST('/registration/confirm', { body: { key } })),
  confirmAddress: async (key: string) => answered(rekey.POST('/address/confirm', { body: { key } })),
  setPassword: async (body: { key: string; password: string }) => answered(rekey.POST('/recovery/reset', { body })),
};
