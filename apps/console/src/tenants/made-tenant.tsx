import { Anchor } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Fact } from '../page/fact.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { addressIn } from './tenants.ts';

interface MadeTenantProps {
  readonly domain: string;
  readonly owner: string;
  readonly onAnother: () => void;
}

/** What its owner has to be told. */
export function MadeTenant({ domain, owner, onAnother }: MadeTenantProps) {
  const { t } = useTranslation('tenants');
  return (
    <>
      <PageTitle lead={t('made.lead')}>{t('made.title', { domain })}</PageTitle>
      <dl className="facts">
        <Fact name={t('made.owner')}>{owner}</Fact>
        {(['console', 'myaccount'] as const).map((app) => (
          <Fact key={app} name={t(`made.${app}`)}>
            <Anchor href={addressIn(domain, app)}>{addressIn(domain, app)}</Anchor>
          </Fact>
        ))}
      </dl>
      <div className="form-buttons">
        <Link className="button-link" to="/tenants">
          {t('made.all')}
        </Link>
        <BusyButton variant="default" busy={false} onPress={onAnother}>
          {t('made.another')}
        </BusyButton>
      </div>
    </>
  );
}
