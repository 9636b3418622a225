import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem.ts';
import { PageHeading } from './page-heading.tsx';

/** A page of ours that broke, or a part of it that did not come: the way out is to load it anew. */
export function Fault({ error }: { readonly error: unknown }) {
  const { t } = useTranslation('web');
  return (
    <Stack gap="lg" align="flex-start">
      <div>
        <PageHeading>{t('fault.title')}</PageHeading>
        <p className="lead">{error instanceof ApiProblem ? t('failure.offline') : t('fault.lead')}</p>
      </div>
      <Button onClick={() => location.reload()}>{t('fault.reload')}</Button>
    </Stack>
  );
}
