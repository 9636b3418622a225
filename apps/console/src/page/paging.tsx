import { BusyButton } from '@rekey/web';
import { useTranslation } from 'react-i18next';

interface PagingProps {
  /** Where the page stands in the whole, such as `1–25 of 1,024`. */
  readonly children: string;
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/** The way through a list that is longer than its page. null: there is nothing on that side; where both are, the page is all. */
export function Paging({ children, onPrevious, onNext }: PagingProps) {
  const { t } = useTranslation('page');
  return (
    <nav className="paging" aria-label={t('paging.label')}>
      <span className="quiet" role="status">
        {children}
      </span>
      {(onPrevious ?? onNext) && (
        <>
          <BusyButton variant="default" size="sm" busy={false} resting={!onPrevious} onPress={() => onPrevious?.()}>
            {t('paging.previous')}
          </BusyButton>
          <BusyButton variant="default" size="sm" busy={false} resting={!onNext} onPress={() => onNext?.()}>
            {t('paging.next')}
          </BusyButton>
        </>
      )}
    </nav>
  );
}
