import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWays } from '../api/use-ways.ts';

/** What is typed as the code of a mail, without what mails and people space it with. */
export function useTypedCode() {
  const { t } = useTranslation('recovery');
  const [text, setText] = useState('');
  const typed = text.replace(/[\s-]/g, '');
  // As long as it is not known how long one is, the server tells.
  const length = useWays().data?.code.length ?? Math.max(1, typed.length);
  return { text, setText, typed, problem: typed.length === length ? null : t('code.length', { count: length }) };
}
