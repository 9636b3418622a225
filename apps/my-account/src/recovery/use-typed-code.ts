import { useTranslation } from 'react-i18next';
import { useWays } from '../api/use-ways.ts';

/** What was typed as the code of a mail, without what mails and people space it with, and what is wrong with it. */
export function useTypedCode(text: string) {
  const { t } = useTranslation('recovery');
  const typed = text.replace(/[\s-]/g, '');
  // As long as it is not known how long one is, the server tells.
  const length = useWays().data?.code.length ?? Math.max(1, typed.length);
  return { typed, problem: typed.length === length ? null : t('code.length', { count: length }) };
}
