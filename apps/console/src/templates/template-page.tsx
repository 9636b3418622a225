import { NotFound } from '@rekey/web';
import { useParams } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { TemplateEditor } from './template-editor.tsx';
import { useType } from './templates.ts';
import { Versions } from './versions.tsx';

/** One template: its source beside what it becomes, and what it was before. */
export function TemplatePage() {
  const { typeId = '', locale = '' } = useParams();
  return (
    <Loaded query={useType(typeId)}>
      {({ displayName, templates }) => {
        const template = templates.find(({ id }) => id === locale);
        if (!template) return <NotFound />;
        const place = { typeId, type: displayName, locale };
        return (
          <>
            <PageTitle lead="What is saved counts for the next mail.">{`${displayName}, ${locale}`}</PageTitle>
            <TemplateEditor key={`${typeId} ${locale}`} place={place} template={template} />
            <Versions place={place} />
          </>
        );
      }}
    </Loaded>
  );
}
