export function Logo({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" className="brand-ground" />
      <path d="M13 9a6 6 0 1 0 4.9 9.5H21v3h3v-3h2v-4h-8.1A6 6 0 0 0 13 9Zm0 4a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z" fill="#fff" />
    </svg>
  );
}
