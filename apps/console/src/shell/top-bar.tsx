import { Anchor } from '@mantine/core';
import { answered, BusyButton, LanguageChooser, Logo, rekey, superTenant, tenantDomain, tenantPath, useSession } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

/** Which tenant this is, and who is signed in. */
export function TopBar() {
  const { t } = useTranslation('shell');
  const { data: user } = useSession();
  const queries = useQueryClient();
  // Nothing of what was shown stays for whoever comes next.
  const signOut = useMutation({ mutationFn: async () => answered(rekey.DELETE('/session')), onSuccess: async () => queries.resetQueries() });
  return (
    <header className="top-bar">
      <span className="brand">
        <Logo size={28} />
        Rekey <span className="brand-part">Console</span>
      </span>
      <span className="tenant">{tenantDomain ?? superTenant}</span>
      <span className="who">
        <LanguageChooser />
        {user && (
          <>
            <Anchor href={`${tenantPath}/myaccount/`}>{user.displayName}</Anchor>
            <BusyButton variant="default" size="sm" busy={signOut.isPending} onPress={() => signOut.mutate()}>
              {t('signOut')}
            </BusyButton>
          </>
        )}
      </span>
    </header>
  );
}
