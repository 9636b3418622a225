import { Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWays } from '../api/use-ways.ts';
import { Heading } from '../page/heading.tsx';
import { AskForLink } from './ask-for-link.tsx';
import { passwordWays } from './mailed-link.ts';

/** By which way, where the tenant has turned on several; the usual one is chosen already. */
export function ForgotPasswordPage() {
  const { t } = useTranslation(['recovery', 'entry']);
  const ways = useWays().data?.password ?? ['link'];
  const [chosen, setChosen] = useState<keyof typeof passwordWays | null>(null);
  const way = chosen ?? ways[0] ?? 'link';
  const link = passwordWays[way];
  return (
    <Stack gap="lg">
      <Heading title={t('forgot.title')} lead={ways.length > 1 ? t('forgot.anyWay') : t(`${link.words}.lead`)} />
      <AskForLink link={link} submitText={t('entry:submit')}>
        {ways.length > 1 && (
          <fieldset className="ways">
            <legend>{t('ways.legend')}</legend>
            {ways.map((each) => (
              <label key={each} className="way">
                <input type="radio" name="way" value={each} checked={each === way} onChange={() => setChosen(each)} />
                <span>
                  {t(`ways.${each}.name`)}
                  <span className="way-means">{t(`ways.${each}.means`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
      </AskForLink>
    </Stack>
  );
}
