import { BusyButton } from '@rekey/web';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWays } from '../api/use-ways.ts';
import { Solving } from '../captcha/solving-notice.tsx';
import { useAsking } from '../captcha/use-asking.ts';
import { Failure } from '../page/failure.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import type { MailedLink } from './mailed-link.ts';

/** Where the server does not say. */
const usualCooldownSeconds = 60;

interface SendAgainProps {
  readonly link: MailedLink;
  readonly username: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/** "Send again", once the server would send something: it says how long that is. */
export function SendAgain({ link, username, sentAt }: SendAgainProps) {
  const { t } = useTranslation('recovery');
  const ways = useWays();
  const cooldownMs = (ways.data?.cooldownSeconds ?? usualCooldownSeconds) * 1_000;
  const secondsLeft = useSecondsUntil(sentAt + cooldownMs, cooldownMs);
  const navigate = useNavigate();
  const again = useAsking(link.sendAgain, ({ flow }) => navigate(link.sentPage, { replace: true, state: { username, sentAt: Date.now(), ...(flow === undefined ? {} : { flow }) } satisfies PassedOn }));
  return (
    <>
      <div role="status" className="result">
        {again.isSuccess && t(link.words === 'forgot.byCode' ? 'code.againDone' : 'sent.againDone')}
      </div>
      {again.isError && <Failure error={again.error} />}
      <Solving active={again.isSolving}>
        <BusyButton wide variant="default" busy={again.isPending} resting={ways.isPending || secondsLeft > 0} onPress={() => again.mutate(username)}>
          {!ways.isPending && secondsLeft > 0 ? t('sent.againIn', { count: secondsLeft }) : t('sent.again')}
        </BusyButton>
      </Solving>
    </>
  );
}

/** @param moment milliseconds since 1970, never farther away than `mostMs`: a clock may have been set back */
function useSecondsUntil(moment: number, mostMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.ceil(Math.min(Math.max(0, moment - now), mostMs) / 1_000);
}
