import { TextInput } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import type { Claim } from './dry-run.ts';

interface ClaimFieldsProps {
  readonly claims: readonly Claim[];
  readonly onChange: (claims: readonly Claim[]) => void;
}

/** Some that a listener is likely to look at; any other can be typed. */
const known = ['emailaddress', 'givenname', 'lastname', 'locale', 'mobile', 'identity/accountLocked', 'identity/accountDisabled', 'identity/adminForcedPasswordReset', 'identity/emailVerified'].map((name) => `http://wso2.org/claims/${name}`);
const most = 20;

export function ClaimFields({ claims, onChange }: ClaimFieldsProps) {
  const { t } = useTranslation('listeners');
  const change = (index: number, changed: Partial<Claim>) => onChange(claims.map((claim, other) => (other === index ? { ...claim, ...changed } : claim)));
  return (
    <fieldset className="setting claims">
      <legend>{t('dryRun.claims')}</legend>
      <p className="quiet">{t('dryRun.claimsMeaning')}</p>
      <datalist id="known-claims">
        {known.map((uri) => (
          <option key={uri} value={uri} />
        ))}
      </datalist>
      {claims.map(({ uri, value }, index) => {
        const number = index + 1;
        return (
          <div key={index} className="line">
            <TextInput className="line-field" label={t('dryRun.uri', { number })} list="known-claims" maxLength={255} autoComplete="off" spellCheck={false} value={uri} onChange={(event) => change(index, { uri: event.currentTarget.value })} />
            <TextInput className="line-field" label={t('dryRun.value', { number })} maxLength={2048} autoComplete="off" spellCheck={false} value={value} onChange={(event) => change(index, { value: event.currentTarget.value })} />
            {claims.length > 1 && (
              <BusyButton variant="default" size="sm" busy={false} onPress={() => onChange(claims.filter((_, other) => other !== index))}>
                {t('dryRun.remove', { number })}
              </BusyButton>
            )}
          </div>
        );
      })}
      {claims.length < most && (
        <BusyButton variant="default" size="sm" busy={false} onPress={() => onChange([...claims, { uri: '', value: '' }])}>
          {t('dryRun.add')}
        </BusyButton>
      )}
    </fieldset>
  );
}
