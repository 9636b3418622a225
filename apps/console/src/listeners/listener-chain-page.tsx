import { Title } from '@mantine/core';
import { answered, rekey } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { ChainDrawing } from './chain-drawing.tsx';
import { Traces } from './traces.tsx';

/** What runs around every operation on a user, and what it did to the last ones. */
export function ListenerChainPage() {
  const { t } = useTranslation('listeners');
  const chain = useQuery({ queryKey: ['listeners'], queryFn: async ({ signal }) => answered(rekey.GET('/listeners', { signal })) });
  return (
    <>
      <PageTitle
        lead={t('lead')}
        actions={
          <Link className="button-link" to="/listeners/dry-run">
            {t('dryRun.link')}
          </Link>
        }
      >
        {t('title')}
      </PageTitle>
      <section className="block">
        <Title order={2}>{t('order')}</Title>
        <Loaded query={chain}>{({ listeners }) => <ChainDrawing listeners={listeners} />}</Loaded>
      </section>
      <section className="block">
        <Title order={2}>{t('last')}</Title>
        <Traces />
      </section>
    </>
  );
}
