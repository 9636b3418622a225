import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { useUser } from './account-layout.tsx';

const doors = ['profile', 'password', 'sessions', 'activity'] as const;

export function HomePage() {
  const { t } = useTranslation('account');
  const user = useUser();
  return (
    <Stack gap="lg">
      <Heading title={t('home.greeting', { name: user.displayName })} lead={t('home.lead')} />
      <dl className="facts">
        <div>
          <dt>{t('username')}</dt>
          <dd>{user.username}</dd>
        </div>
        <div>
          <dt>{t('email')}</dt>
          <dd>{user.email ?? t('none')}</dd>
        </div>
      </dl>
      <ul className="doors">
        {doors.map((name) => (
          <li key={name}>
            <Link to={`/${name}`}>
              <span className="door">{t(`pages.${name}`)}</span>
              <span className="door-means">{t(`home.means.${name}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
