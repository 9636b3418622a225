import { useTranslation } from 'react-i18next';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { BrandForm } from './brand-form.tsx';
import { useBrand } from './brand.ts';

/** What makes the mails of the tenant its own. */
export function BrandPage() {
  const { t } = useTranslation('brand');
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <Loaded query={useBrand()}>{(brand) => <BrandForm brand={brand} />}</Loaded>
    </>
  );
}
