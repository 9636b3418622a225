import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Way } from './forced-resets.ts';

interface WayFieldProps {
  readonly className?: string;
  readonly value: Way;
  readonly onChange: (way: Way) => void;
}

export function WayField({ className, value, onChange }: WayFieldProps) {
  const { t } = useTranslation('forced-resets');
  const ways = [
    { value: '', label: t('ways.tenant') },
    { value: 'link', label: t('ways.link') },
    { value: 'otp', label: t('ways.otp') },
  ];
  return <NativeSelect className={className} label={t('facts.way')} data={ways} value={value ?? ''} onChange={({ currentTarget }) => onChange(currentTarget.value === 'link' || currentTarget.value === 'otp' ? currentTarget.value : null)} />;
}
