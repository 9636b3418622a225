import { Alert, Button } from '@mantine/core';
import { failureText } from '../api/failure-text.ts';
import { texts } from '../texts.ts';

/** Something did not work; said at once to a screen reader. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <Alert color="red" role="alert" variant="light">
      {failureText(error)}
      {onRetry && (
        <Button variant="default" size="sm" className="retry" onClick={onRetry}>
          {texts.failure.retry}
        </Button>
      )}
    </Alert>
  );
}
