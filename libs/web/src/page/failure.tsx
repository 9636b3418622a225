import { Alert, Button } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem.ts';

interface FailureProps {
  readonly error: unknown;
  /** What the page says of it, where it has better words than all pages have. */
  readonly children?: string | undefined;
  readonly onRetry?: () => void;
}

/** Something did not work; said at once to a screen reader. */
export function Failure({ error, children, onRetry }: FailureProps) {
  const { t } = useTranslation('web');
  return (
    <Alert color="red" role="alert" variant="light">
      {children ?? failureText(t, error)}
      {error instanceof ApiProblem && error.traceId !== null && <span className="trace">{t('failure.trace', { id: error.traceId })}</span>}
      {onRetry && (
        <Button variant="default" size="sm" className="retry" onClick={onRetry}>
          {t('failure.retry')}
        </Button>
      )}
    </Alert>
  );
}

function failureText(t: TFunction<'web'>, error: unknown): string {
  if (!(error instanceof ApiProblem)) return t('failure.ours');
  const { status, code, message } = error;
  if (status === 0) return t('failure.offline');
  if (status === 403) return t('failure.forbidden');
  if (status === 429 || status === 503) return t('failure.busy');
  return message === '' ? t('failure.code', { code }) : t('failure.said', { message, code });
}
