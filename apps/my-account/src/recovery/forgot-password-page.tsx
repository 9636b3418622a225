import { Stack } from '@mantine/core';
import { Waiting } from '@rekey/web';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecoveryWays } from '../api/client.ts';
import { useWays } from '../api/use-ways.ts';
import { Heading } from '../page/heading.tsx';
import { ToSignIn } from '../page/to-sign-in.tsx';
import { AskForLink } from './ask-for-link.tsx';
import { passwordWays } from './mailed-link.ts';

type Way = RecoveryWays['password'][number];

/** Where the ways are not to be had, the usual one is worth a try: the server has the last word. */
export function ForgotPasswordPage() {
  const { t } = useTranslation(['recovery', 'entry']);
  const { isPending, data } = useWays();
  const ways = data?.password ?? ['link'];
  const lead = isPending ? null : ways.length > 1 ? t('forgot.anyWay') : ways[0] ? t(`${passwordWays[ways[0]].words}.lead`) : t('entry:failure.recoveryOff');
  return (
    <Stack gap="lg">
      <Heading title={t('forgot.title')} lead={lead} />
      {isPending ? <Waiting /> : ways[0] ? (
        <AskByWay ways={ways} usual={ways[0]} />
      ) : (
        <nav className="below">
          <ToSignIn />
        </nav>
      )}
    </Stack>
  );
}

/** By which way, where the tenant has turned on several; the usual one is chosen already. */
function AskByWay({ ways, usual }: { readonly ways: readonly Way[]; readonly usual: Way }) {
  const { t } = useTranslation(['recovery', 'entry']);
  const [way, setWay] = useState(usual);
  return (
    <AskForLink link={passwordWays[way]} submitText={t('entry:submit')}>
      {ways.length > 1 && (
        <fieldset className="ways">
          <legend>{t('ways.legend')}</legend>
          {ways.map((each) => (
            <label key={each} className="way">
              <input type="radio" name="way" value={each} checked={each === way} onChange={() => setWay(each)} />
              <span>
                {t(`ways.${each}.name`)}
                <span className="way-means">{t(`ways.${each}.means`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </AskForLink>
  );
}
