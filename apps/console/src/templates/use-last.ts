import { useState } from 'react';

/** What there was last, while there is nothing: a fault in what is typed does not take away what it was before. */
export function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
