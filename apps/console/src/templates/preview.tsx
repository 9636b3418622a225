import { Title } from '@mantine/core';
import { Failure, Waiting } from '@rekey/web';
import { faultIn } from './template-fault.ts';
import type { usePreview } from './templates.ts';

/** What the mail would say, filled in with the data of nobody. Its HTML is not shown: the policy of the pages allows none of the styles that a mail carries within it. */
export function Preview({ preview: { data, error, refetch } }: { readonly preview: ReturnType<typeof usePreview> }) {
  return (
    <section className="block" aria-label="Preview">
      <Title order={2}>Preview</Title>
      {error && !faultIn(error) && <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        !error && <Waiting />
      ) : (
        <article className="mail">
          <p className="mail-subject" dir="auto">
            {data.subject}
          </p>
          <pre className="mail-text" dir="auto" tabIndex={0} aria-label="The mail as text">
            {data.text}
          </pre>
        </article>
      )}
      {faultIn(error) && <p className="quiet">The source has a fault. Once it has none, the mail stands here.</p>}
    </section>
  );
}
