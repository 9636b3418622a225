import { Alert } from '@mantine/core';
import { BusyButton, useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Differences } from './differences.tsx';
import { useVersions, type Template, type TemplatePlace } from './templates.ts';

interface ConflictProps {
  readonly place: TemplatePlace;
  /** What counts now. */
  readonly theirs: Template;
  readonly ours: Template;
  readonly onTakeTheirs: () => void;
}

/** Tells whoever comes second what the first one saved. Neither is lost: what is saved over stays among the versions. */
export function Conflict({ place, theirs, ours, onTakeTheirs }: ConflictProps) {
  const { t } = useTranslation('templates');
  const { moment } = useFormats();
  const counting = useVersions(place).data?.versions.find(({ current }) => current);
  return (
    <Alert color="red" role="alert" variant="light" title={t('conflict.title')} className="overtaken">
      {counting && <p>{t(counting.subject === null ? 'conflict.removed' : 'conflict.saved', { by: counting.savedBy ?? t('conflict.somebody'), at: moment(counting.savedAt) })}</p>}
      <p>{t('conflict.kept')}</p>
      <details>
        <summary>{t('conflict.difference')}</summary>
        <div className="block">
          <Differences before={theirs} after={ours} isBeside={false} level={2} />
        </div>
      </details>
      <BusyButton variant="default" size="sm" busy={false} onPress={onTakeTheirs}>
        {t('conflict.takeTheirs')}
      </BusyButton>
    </Alert>
  );
}
