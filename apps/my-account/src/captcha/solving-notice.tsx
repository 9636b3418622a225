import { Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Most challenges are solved before one wonders. */
const quietMs = 1_000;

/** A button, and below it why it takes so long: the browser solves a challenge first. */
export function Solving({ active, children }: { readonly active: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation('entry');
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setLong(true), quietMs);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [active]);
  return (
    <div>
      {children}
      <Text role="status" size="sm" className="solving">
        {isLong && t('solving')}
      </Text>
    </div>
  );
}
