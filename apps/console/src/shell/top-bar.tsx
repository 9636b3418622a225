import { Anchor } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { rekey } from '../api/clients.ts';
import { answered } from '../api/problem.ts';
import { BusyButton } from '../page/busy-button.tsx';
import { useSession } from '../session/use-session.ts';
import { tenantDomain, tenantPath } from '../tenant-path.ts';

/** Which tenant this is, and who is signed in. */
export function TopBar() {
  const { data: user } = useSession();
  const queries = useQueryClient();
  // Nothing of what was shown stays for whoever comes next.
  const signOut = useMutation({ mutationFn: async () => answered(rekey.DELETE('/session')), onSuccess: async () => queries.resetQueries() });
  return (
    <header className="top-bar">
      <span className="brand">
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <rect width="32" height="32" rx="8" className="brand-ground" />
          <path d="M13 9a6 6 0 1 0 4.9 9.5H21v3h3v-3h2v-4h-8.1A6 6 0 0 0 13 9Zm0 4a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z" fill="#fff" />
        </svg>
        Rekey <span className="brand-part">Console</span>
      </span>
      <span className="tenant">{tenantDomain}</span>
      {user && (
        <span className="who">
          <Anchor href={`${tenantPath}/myaccount/`}>{user.displayName}</Anchor>
          <BusyButton variant="default" size="sm" busy={signOut.isPending} onPress={() => signOut.mutate()}>
            Sign out
          </BusyButton>
        </span>
      )}
    </header>
  );
}
