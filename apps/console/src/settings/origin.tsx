import { Code } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Fact } from '../page/fact.tsx';
import { Moment } from '../page/moment.tsx';
import type { Setting } from './settings.ts';
import { useValueText } from './use-value-text.ts';

/** Where a setting's value comes from, in a word, and all of it for whoever opens that. */
export function Origin({ setting, onRevert }: { readonly setting: Setting; readonly onRevert?: () => void }) {
  const { t } = useTranslation('settings');
  const textOf = useValueText();
  const { name, displayName, source, changedAt, changedBy, inFile, key, place } = setting;
  const origin = t(`origin.${source}`);
  return (
    <details className="origin">
      <summary aria-label={t('origin.show', { origin, name: displayName })}>{origin}</summary>
      <dl className="facts">
        {changedAt !== null && (
          <>
            <Fact name={t('origin.by')}>{changedBy ?? t('origin.unknown')}</Fact>
            <Fact name={t('origin.when')}>
              <Moment at={changedAt} />
            </Fact>
            <Fact name={t('origin.inFile')}>{textOf(setting, inFile)}</Fact>
          </>
        )}
        <Fact name={t('origin.default_')}>{textOf(setting, setting.default)}</Fact>
        <Fact name={t('origin.key')}>{key === null ? t('origin.noKey') : <Code>{key}</Code>}</Fact>
        {place !== null && <Fact name={t('origin.place')}>{place}</Fact>}
        <Fact name={t('origin.api')}>
          <Code>{name}</Code>
        </Fact>
        <Fact name={t('origin.counts')}>{t('origin.atOnce')}</Fact>
      </dl>
      {source === 'tenant' && onRevert && (
        <BusyButton variant="default" size="sm" busy={false} onPress={onRevert}>
          {t('revert', { value: textOf(setting, inFile) })}
        </BusyButton>
      )}
    </details>
  );
}
