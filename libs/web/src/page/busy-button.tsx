import { Button, Loader } from '@mantine/core';
import type { MouseEvent } from 'react';

interface BusyButtonProps {
  readonly children: string;
  readonly busy: boolean;
  /** Not to be pressed just now. */
  readonly resting?: boolean;
  readonly variant?: 'filled' | 'default';
  readonly size?: 'sm' | 'md';
  /** As wide as what it stands in. */
  readonly wide?: boolean;
  /** Without it, the button sends its form. */
  readonly onPress?: () => void;
}

/**
 * A button that shows that its work is under way. It is never disabled: a disabled button lets go of the focus, and somebody who uses a
 * keyboard or a screen reader would be back at the top of the page. Whoever sends the form must not send it twice.
 */
export function BusyButton({ children, busy, resting = false, variant = 'filled', size = 'md', wide = false, onPress }: BusyButtonProps) {
  const idle = !busy && !resting;
  const press = (event: MouseEvent) => {
    // The second click of a double click wants no more than the first, whose work may be done by now.
    if (!onPress && event.detail > 1) event.preventDefault();
    if (idle) onPress?.();
  };
  return (
    <Button type={onPress ? 'button' : 'submit'} variant={variant} size={size} fullWidth={wide} aria-disabled={idle ? undefined : true} data-resting={resting || undefined} leftSection={busy && <Loader size={16} color="currentColor" aria-hidden="true" />} onClick={press}>
      {children}
    </Button>
  );
}
