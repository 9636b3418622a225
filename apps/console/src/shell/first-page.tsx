import { useEffect, useState } from 'react';
import { Navigate } from 'react-router';
import { forgetWantedPage, wantedPage } from '../session/wanted-page.ts';
import { useReadablePages } from './use-readable-pages.ts';

/** Where one arrives: where one was going before one had to sign in, or at the first page. */
export function FirstPage() {
  const [first] = useReadablePages();
  const [wanted] = useState(wantedPage);
  useEffect(forgetWantedPage, []);
  const place = wanted ?? first?.path;
  return place && <Navigate to={place} replace />;
}
