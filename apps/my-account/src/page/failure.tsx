import { Failure as PlainFailure } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { failureText } from '../api/failure-text.ts';

/** Something did not work, in the words of people who need not know what a server is. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation('entry');
  return (
    <PlainFailure error={error} {...(onRetry && { onRetry })}>
      {failureText(t, error)}
    </PlainFailure>
  );
}
