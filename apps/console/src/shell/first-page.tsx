import { Navigate } from 'react-router';
import { useReadablePages } from './use-readable-pages.ts';

/** Where one arrives. */
export function FirstPage() {
  const [first] = useReadablePages();
  return first && <Navigate to={first.path} replace />;
}
