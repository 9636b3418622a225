import { Logo, tenantDomain } from '@rekey/web';
import { useTranslation } from 'react-i18next';

export function Brand() {
  const { t } = useTranslation('entry');
  return (
    <span className="brand">
      <Logo size={36} />
      <span>
        {t('product')} <span className="brand-part">{t('part')}</span>
        {tenantDomain !== null && <span className="brand-tenant">{tenantDomain}</span>}
      </span>
    </span>
  );
}
