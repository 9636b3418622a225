import { TextInput } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Paging } from '../page/paging.tsx';
import { UserTable } from './user-table.tsx';
import { usersPerPage, useUsers } from './users.ts';

interface Search {
  readonly text: string;
  readonly startIndex: number;
}

/** Those of the tenant. The search stays with the browser's history, and not in the address, which servers log. */
export function UsersPage() {
  const { text, startIndex } = (useLocation().state as Search | null) ?? { text: '', startIndex: 1 }; // nobody else puts a state there
  const navigate = useNavigate();
  const find = (search: Search) => void navigate('/users', { state: search });
  const users = useUsers(text, startIndex);
  return (
    <>
      <PageTitle
        lead="Everybody of this tenant: who they are, whether they sign in, and what to do when they cannot."
        actions={
          <Link className="button-link" to="/users/new">
            Create user
          </Link>
        }
      >
        Users
      </PageTitle>
      <SearchForm key={text} text={text} busy={users.isFetching} onSearch={(sought) => find({ text: sought, startIndex: 1 })} />
      <Loaded query={users}>
        {({ totalResults, Resources: page }) =>
          totalResults === 0 ? (
            <Empty title="Nobody was found">{text === '' ? 'As soon as a user is created, they stand here.' : `No username or address has “${text}” in it.`}</Empty>
          ) : (
            <>
              <UserTable users={page} />
              <Paging onPrevious={startIndex > 1 ? () => find({ text, startIndex: Math.max(1, startIndex - usersPerPage) }) : null} onNext={startIndex + page.length <= totalResults ? () => find({ text, startIndex: startIndex + usersPerPage }) : null}>
                {`${startIndex.toLocaleString()}–${(startIndex + page.length - 1).toLocaleString()} of ${totalResults.toLocaleString()}`}
              </Paging>
            </>
          )
        }
      </Loaded>
    </>
  );
}

interface SearchFormProps {
  readonly text: string;
  readonly busy: boolean;
  readonly onSearch: (text: string) => void;
}

function SearchForm({ text, busy, onSearch }: SearchFormProps) {
  const [sought, setSought] = useState(text);
  return (
    <form
      role="search"
      className="line"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(sought.trim());
      }}
    >
      <TextInput type="search" label="Username or address" className="line-field" value={sought} maxLength={255} autoComplete="off" spellCheck={false} onChange={(event) => setSought(event.currentTarget.value)} />
      <BusyButton variant="default" size="sm" busy={busy}>
        Search
      </BusyButton>
    </form>
  );
}
