import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Heading } from '../page/heading.tsx';
import { ToSignIn } from '../page/to-sign-in.tsx';
import { AskForLink } from './ask-for-link.tsx';
import type { Confirmation } from './confirmation.ts';
import type { MailedLink } from './mailed-link.ts';

export interface DeadLinkProps {
  /** With which another one is asked for; null: elsewhere, or of an administrator. */
  readonly link: MailedLink | null;
  /** The address came without its key. */
  readonly isCutOff?: boolean;
  /** Where the texts stand of what is to be confirmed. */
  readonly words?: Confirmation['words'];
  /** Whose it was. */
  readonly known?: string | undefined;
}

/** Expired, used, superseded: told apart for nobody, since the difference would say something about a key. No dead end: a new one is a form away. */
export function DeadLink({ link, isCutOff = false, words, known }: DeadLinkProps) {
  const { t } = useTranslation(['recovery', 'entry']);
  const newOne = link?.words === 'forgot.byCode' ? 'newCode' : 'newLink';
  return (
    <Stack gap="lg">
      <Heading mark="broken-link" title={t(isCutOff ? 'deadLink.missingTitle' : 'deadLink.title')} lead={t(isCutOff ? 'deadLink.missingLead' : words ? `${words}.dead` : 'deadLink.lead')} />
      {link ? (
        <>
          <Text>{t(`deadLink.${newOne}.ask`)}</Text>
          <AskForLink link={link} submitText={t(`deadLink.${newOne}.submit`)} known={known} />
        </>
      ) : (
        <>
          {!words && <Text>{t('entry:failure.recoveryOff')}</Text>}
          <nav className="below">
            <ToSignIn />
          </nav>
        </>
      )}
    </Stack>
  );
}
