import { answered, rekey } from '@rekey/web';
import { solving, type Asking } from '../captcha/solving.ts';

export type RecoveryWays = Awaited<ReturnType<typeof api.ways>>;
export type PasswordPolicy = Awaited<ReturnType<typeof api.checkKey>>['passwordPolicy'];

/** What the pages ask that nobody need be signed in for. */
export const api = {
  signIn: async (body: { username: string; password: string }) => (await answered(rekey.POST('/session', { body }))).user,
  ways: async () => answered(rekey.GET('/recovery/ways')),
  requestLink: async (username: string, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/recovery', { body: { username, ...captcha } }))),
  sendAgain: async (username: string, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/recovery/resend', { body: { username, ...captcha } }))),
  requestCode: async (username: string, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/recovery/code', { body: { username, ...captcha } }))),
  confirmCode: async (body: { flow: string; code: string }) => answered(rekey.POST('/recovery/code/confirm', { body })),
  confirmForcedCode: async (body: { username: string; code: string }, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/recovery/code/forced', { body: { ...body, ...captcha } }))),
  setPasswordByCode: async (body: { flow: string; resetCode: string; password: string }) => answered(rekey.POST('/recovery/code/reset', { body })),
  requestUsername: async (claims: { uri: string; value: string }[], asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/username-recovery', { body: { claims, ...captcha } }))),
  sendConfirmation: async (username: string, asking: Asking) => solving(asking, async (captcha) => answered(rekey.POST('/registration/resend', { body: { username, ...captcha } }))),
  checkKey: async (key: string) => answered(rekey.POST('/recovery/key', { body: { key } })),
  confirmAccount: async (key: string) => answered(rekey.POST('/registration/confirm', { body: { key } })),
  confirmAddress: async (key: string) => answered(rekey.POST('/address/confirm', { body: { key } })),
  setPassword: async (body: { key: string; password: string }) => answered(rekey.POST('/recovery/reset', { body })),
};
