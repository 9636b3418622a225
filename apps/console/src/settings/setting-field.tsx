import { Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Origin } from './origin.tsx';
import type { Setting } from './settings.ts';
import { useValueText } from './use-value-text.ts';

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: string;
  /** It was sent like this, and not taken. */
  readonly refused: boolean;
  /** Somebody else has set it since it was read. */
  readonly meanwhile: boolean;
  readonly onChange: (value: string) => void;
  /** Absent for those who may not. */
  readonly onRevert?: () => void;
}

/** One setting under WSO2's label: what it means, and, for whoever asks, where its value comes from. */
export function SettingField({ setting, value, refused, meanwhile, onChange, onRevert }: SettingFieldProps) {
  const { t } = useTranslation('settings');
  const textOf = useValueText();
  const { name, displayName, description, type, expected } = setting;
  const error = refused ? t('expected', { expected }) : meanwhile && t('conflict.meanwhile', { value: textOf(setting, setting.value), by: setting.changedBy ?? t('conflict.somebody') });
  const shared = { name, label: displayName, description: description === '' ? undefined : `${description}.`, error };
  return (
    <div className="setting">
      {type === 'boolean' ? (
        <Switch {...shared} checked={value === 'true'} onChange={(event) => onChange(String(event.currentTarget.checked))} />
      ) : (
        <TextInput {...shared} value={value} inputMode={type === 'integer' ? 'decimal' : undefined} autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
      <Origin setting={setting} {...(onRevert ? { onRevert } : {})} />
    </div>
  );
}
