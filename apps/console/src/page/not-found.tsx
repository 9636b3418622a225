import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { PageTitle } from './page-title.tsx';

export function NotFound() {
  return (
    <>
      <PageTitle lead="Nothing is at this address.">Page not found</PageTitle>
      <Anchor component={Link} to="/">
        To the first page
      </Anchor>
    </>
  );
}
