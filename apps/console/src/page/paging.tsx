import { BusyButton } from '@rekey/web';

interface PagingProps {
  /** Where the page stands in the whole, such as `1–25 of 1,024`. */
  readonly children: string;
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/** The way through a list that is longer than its page. null: there is nothing on that side. */
export function Paging({ children, onPrevious, onNext }: PagingProps) {
  return (
    <nav className="paging" aria-label="Pages of the list">
      <span className="quiet" role="status">
        {children}
      </span>
      <BusyButton variant="default" size="sm" busy={false} resting={!onPrevious} onPress={() => onPrevious?.()}>
        Previous
      </BusyButton>
      <BusyButton variant="default" size="sm" busy={false} resting={!onNext} onPress={() => onNext?.()}>
        Next
      </BusyButton>
    </nav>
  );
}
