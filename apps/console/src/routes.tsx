import { NotFound } from '@rekey/web';
import type { RouteObject } from 'react-router';
import { pages } from './pages.ts';
import { FirstPage } from './shell/first-page.tsx';
import { Shell } from './shell/shell.tsx';

export const routes: RouteObject[] = [
  {
    element: <Shell />,
    children: [{ path: '/', element: <FirstPage /> }, ...pages.flatMap(({ path, element, below = [] }) => [...(element ? [{ path, element }] : []), ...below]), { path: '*', element: <NotFound /> }],
  },
];
