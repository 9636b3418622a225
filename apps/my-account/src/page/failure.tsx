import { Failure as PlainFailure } from '@rekey/web';
import { failureText } from '../api/failure-text.ts';

/** Something did not work, in the words of people who need not know what a server is. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <PlainFailure error={error} {...(onRetry && { onRetry })}>
      {failureText(error)}
    </PlainFailure>
  );
}
