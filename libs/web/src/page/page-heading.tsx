import { Title } from '@mantine/core';
import { useLayoutEffect, useRef } from 'react';

/** As the app's document has it. */
const appTitle = document.title;

/** The page's heading: names the tab, and takes the focus when the page appears, so that a screen reader says where one is. */
export function PageHeading({ children }: { readonly children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // A page that waits for more texts is hidden meanwhile, and without the focus; shown again, only layout effects are.
  useLayoutEffect(() => {
    document.title = `${children} · ${appTitle}`;
    heading.current?.focus({ preventScroll: true });
  }, [children]);
  return (
    <Title order={1} ref={heading} tabIndex={-1} className="page-title">
      {children}
    </Title>
  );
}
