import { answered, ApiProblem, rekey } from '@rekey/web';

export type OwnProfile = Awaited<ReturnType<typeof account.profile>>;
export type OwnActivity = Awaited<ReturnType<typeof account.activity>>;
export type OwnSession = Awaited<ReturnType<typeof account.sessions>>[number];

export const profileKey = ['profile'] as const;
export const sessionsKey = ['sessions'] as const;

/** What a person asks who is signed in. */
export const account = {
  signOut: async () => answered(rekey.DELETE('/session')),
  profile: async () => answered(rekey.GET('/me/profile')),
  changeProfile: async (body: { givenName?: string; familyName?: string; locale?: string }) => answered(rekey.PATCH('/me/profile', { body })),
  changeAddress: async (body: { email: string; password: string }) => answered(rekey.PUT('/me/address', { body })),
  sendAddressLink: async () => answered(rekey.POST('/me/address/resend')),
  keepAddress: async () => answered(rekey.DELETE('/me/address/pending')),
  passwordRules: async () => answered(rekey.GET('/me/password')),
  changePassword: async (body: { oldPassword: string; password: string }) => answered(rekey.POST('/me/password', { body })),
  sessions: async () => (await answered(rekey.GET('/me/sessions'))).sessions,
  endSession: async (id: string) => answered(rekey.DELETE('/me/sessions/{id}', { params: { path: { id } } })).catch(unlessGone),
  endSessions: async (others: boolean) => answered(rekey.DELETE('/me/sessions', { params: { query: others ? { others: 'true' } : {} } })),
  activity: async (limit: number) => answered(rekey.GET('/me/activity', { params: { query: { limit } } })),
};

/** Another tab has ended it: what was wanted is so. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiProblem && error.status === 404)) throw error;
}
