import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Paging } from '../page/paging.tsx';
import { SearchForm } from '../page/search-form.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { UserTable } from './user-table.tsx';
import { mostCounted, usersPerPage, useUsers } from './users.ts';

interface Search {
  readonly text: string;
  readonly startIndex: number;
}

/** Those of the tenant. The search stays with the browser's history, and not in the address, which servers log. */
export function UsersPage() {
  const { t } = useTranslation('users');
  const { number } = useFormats();
  const { text, startIndex } = (useLocation().state as Search | null) ?? { text: '', startIndex: 1 }; // nobody else puts a state there
  const navigate = useNavigate();
  const find = (search: Search) => void navigate('/users', { state: search });
  const users = useUsers(text, startIndex);
  const mayCreate = useHasRole('administrator');
  return (
    <>
      <PageTitle
        lead={t('lead')}
        actions={
          mayCreate && (
            <Link className="button-link" to="/users/new">
              {t('create')}
            </Link>
          )
        }
      >
        {t('title')}
      </PageTitle>
      <SearchForm key={text} label={t('searchLabel')} description={t('searchMeaning')} text={text} busy={users.isFetching} onSearch={(sought) => find({ text: sought, startIndex: 1 })} />
      <Loaded query={users}>
        {({ totalResults, Resources: page }) =>
          totalResults === 0 ? (
            <Empty title={t('nobodyTitle')}>{text === '' ? t('nobodyYet') : t('nobodySuch', { text })}</Empty>
          ) : (
            <>
              <UserTable users={page} />
              <Paging onPrevious={startIndex > 1 ? () => find({ text, startIndex: Math.max(1, startIndex - usersPerPage) }) : null} onNext={startIndex + page.length <= totalResults ? () => find({ text, startIndex: startIndex + usersPerPage }) : null}>
                {t('pageOf', { from: number(startIndex), to: number(startIndex + page.length - 1), total: totalResults > mostCounted ? `${number(mostCounted)}+` : number(totalResults) })}
              </Paging>
            </>
          )
        }
      </Loaded>
    </>
  );
}
