import { Button } from '@mantine/core';
import { PageTitle } from './page-title.tsx';

/** A page of ours that broke: nobody planned it, so the way out is to load it anew. */
export function Fault() {
  return (
    <>
      <PageTitle lead="This page broke. Nothing that was saved is lost.">Something went wrong</PageTitle>
      <Button onClick={() => location.reload()}>Load the page again</Button>
    </>
  );
}
