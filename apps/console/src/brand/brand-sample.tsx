import { Title } from '@mantine/core';
import type { BrandDraft } from './brand.ts';

/** The colours and words where a mail has them. The logo is not fetched: nothing from elsewhere is loaded here. */
export function BrandSample({ draft: { name, logoUrl, logoAlt, support, footer, primary, background, text, buttonText } }: { readonly draft: BrandDraft }) {
  return (
    <section className="block" aria-label="How it looks">
      <Title order={2}>How it looks</Title>
      <div className="sample" style={{ background, color: text }}>
        <div className="sample-card">
          <strong>{(logoUrl && logoAlt) || name || 'Rekey'}</strong>
          <p>Hello Kim, somebody asked for a new password for your account.</p>
          <span className="sample-button" style={{ background: primary, color: buttonText }}>
            Choose a new password
          </span>
          {support && <p>Help: {support}</p>}
        </div>
        {footer && <p>{footer}</p>}
      </div>
    </section>
  );
}
