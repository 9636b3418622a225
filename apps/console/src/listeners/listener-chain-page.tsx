import { Title } from '@mantine/core';
import { answered, rekey } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { ChainDrawing } from './chain-drawing.tsx';
import { Traces } from './traces.tsx';

/** What runs around every operation on a user, and what it did to the last ones. */
export function ListenerChainPage() {
  const chain = useQuery({ queryKey: ['listeners'], queryFn: async ({ signal }) => answered(rekey.GET('/listeners', { signal })) });
  return (
    <>
      <PageTitle lead="Runs around every operation on a user: lower priority first, before and after. A listener that is disabled is not called at all. Priorities and flags are set in deployment.toml.">Listener chain</PageTitle>
      <section className="block">
        <Title order={2}>In the order in which they are called</Title>
        <Loaded query={chain}>{({ listeners }) => <ChainDrawing listeners={listeners} />}</Loaded>
      </section>
      <section className="block">
        <Title order={2}>The last operations</Title>
        <Traces />
      </section>
    </>
  );
}
