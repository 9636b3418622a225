import { Button, Loader } from '@mantine/core';

interface BusyButtonProps {
  readonly children: string;
  readonly busy: boolean;
  /** Not to be pressed just now. */
  readonly resting?: boolean;
  readonly variant?: 'filled' | 'default';
  readonly size?: 'sm' | 'md';
  /** Without it, the button sends its form. */
  readonly onPress?: () => void;
}

/** A button that shows that its work is under way. Never disabled: a disabled button lets go of the focus. Whoever sends the form must not send it twice. */
export function BusyButton({ children, busy, resting = false, variant = 'filled', size = 'md', onPress }: BusyButtonProps) {
  const idle = !busy && !resting;
  return (
    <Button type={onPress ? 'button' : 'submit'} variant={variant} size={size} aria-disabled={idle ? undefined : true} data-resting={resting || undefined} leftSection={busy && <Loader size={16} color="currentColor" aria-hidden="true" />} onClick={() => idle && onPress?.()}>
      {children}
    </Button>
  );
}
