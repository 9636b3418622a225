import { NotFound } from '@rekey/web';
import { Navigate, type RouteObject } from 'react-router';
import { pages } from './pages.ts';
import { Shell } from './shell/shell.tsx';

export const routes: RouteObject[] = [
  {
    element: <Shell />,
    children: [{ path: '/', element: <Navigate to={pages[0].path} replace /> }, ...pages.flatMap(({ path, element, below = [] }) => [...(element ? [{ path, element }] : []), ...below]), { path: '*', element: <NotFound /> }],
  },
];
