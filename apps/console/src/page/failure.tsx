import { Alert, Button } from '@mantine/core';
import { ApiProblem } from '../api/problem.ts';

/** Something did not work; said at once to a screen reader. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <Alert color="red" role="alert" variant="light">
      {failureText(error)}
      {error instanceof ApiProblem && error.traceId !== null && <span className="trace">Trace id: {error.traceId}</span>}
      {onRetry && (
        <Button variant="default" size="sm" className="retry" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

function failureText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'Something went wrong on this page. Load it again; if that does not help, tell whoever operates Rekey.';
  if (error.status === 0) return 'The server did not answer. Look at your connection and try again.';
  if (error.status === 403) return 'Your role does not allow this.';
  if (error.status === 429 || error.status === 503) return 'The server is busy just now. Try again in a moment.';
  return error.message === '' ? `The server answered with an error (${error.code}).` : `${error.message} (${error.code})`;
}
