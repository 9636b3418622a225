import { Title } from '@mantine/core';
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** It was left with Escape. */
  readonly onClose: () => void;
}

/** Stands before the page while it is there. The browser's own, which holds the focus and injects no styles. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const { current } = dialog;
    const opener = document.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      // What opened it may be gone by what was done in it.
      if (!opener?.isConnected) document.querySelector<HTMLElement>('.page-title')?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <Title order={2} id={titleId}>
        {title}
      </Title>
      {children}
    </dialog>
  );
}
