import { Anchor } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { NewLocale } from './new-locale.tsx';
import { useType } from './templates.ts';

/** The locales of one type. */
export function TemplateTypePage() {
  const { typeId = '' } = useParams();
  return (
    <Loaded query={useType(typeId)}>
      {({ displayName, templates }) => (
        <>
          <PageTitle lead="Whoever has another locale gets the mail in the nearest one.">{displayName}</PageTitle>
          {templates.length === 0 ? (
            <Empty title="No template yet">Without one, nothing of this type is mailed.</Empty>
          ) : (
            <ul className="choices">
              {templates.map(({ id, subject }) => (
                <li key={id}>
                  <Anchor component={Link} to={`/templates/${typeId}/${id}`}>
                    {id}
                  </Anchor>
                  <span className="quiet">
                    <bdi>{subject}</bdi>
                  </span>
                </li>
              ))}
            </ul>
          )}
          <NewLocale key={typeId} typeId={typeId} templates={templates} />
        </>
      )}
    </Loaded>
  );
}
