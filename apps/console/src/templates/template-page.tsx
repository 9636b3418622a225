import { NotFound } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { TemplateEditor } from './template-editor.tsx';
import { useTemplate, useType } from './templates.ts';
import { Versions } from './versions.tsx';

/** One template: its source beside what it becomes, and what it was before. */
export function TemplatePage() {
  const { t } = useTranslation('templates');
  const { typeId = '', locale = '' } = useParams();
  const read = useTemplate(typeId, locale);
  return (
    <Loaded query={useType(typeId)}>
      {({ displayName, templates }) => {
        if (!templates.some(({ id }) => id === locale)) return <NotFound />;
        const place = { typeId, type: displayName, locale };
        return (
          <>
            <PageTitle lead={t('templateLead')}>{t('templateTitle', { type: displayName, locale })}</PageTitle>
            <Loaded query={read}>{(template) => <TemplateEditor key={`${typeId} ${locale}`} place={place} read={template} />}</Loaded>
            <Versions place={place} />
          </>
        );
      }}
    </Loaded>
  );
}
