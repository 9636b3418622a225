import { tenantPath } from '@rekey/web';
import { useState } from 'react';

interface MailFrameProps {
  readonly title: string;
  readonly previewId: string;
  /** What the mail program is set to. */
  readonly scheme: 'light' | 'dark';
  /** Without one, whatever there is. */
  readonly width?: 'wide' | 'narrow';
}

/**
 * A mail's HTML, at its own address with its own policy (docs/decisions/0020): the sandbox gives it nothing. The last one stays until the next has
 * come, and each is a frame of its own, as another address in the same one would be a step back in the browser's history.
 */
export function MailFrame({ title, previewId, scheme, width }: MailFrameProps) {
  const source = `${tenantPath}/api/rekey/v1/mail-templates/previews/${previewId}?scheme=${scheme}`;
  const [loaded, setLoaded] = useState(source);
  return (
    <div className="mail-frame" data-width={width} role="region" aria-label={title} tabIndex={0}>
      {[...new Set([loaded, source])].map((each) => (
        <iframe key={each} title={title} src={each} sandbox="" hidden={each !== loaded} onLoad={() => each === source && setLoaded(source)} />
      ))}
    </div>
  );
}
