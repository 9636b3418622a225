import { Button, Loader } from '@mantine/core';

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
  return (
    <Button type={onPress ? 'button' : 'submit'} variant={variant} size={size} fullWidth={wide} aria-disabled={idle ? undefined : true} data-resting={resting || undefined} leftSection={busy && <Loader size={16} color="currentColor" aria-hidden="true" />} onClick={() => idle && onPress?.()}>
      {children}
    </Button>
  );
}
