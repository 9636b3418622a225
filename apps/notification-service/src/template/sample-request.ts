import type { MailRequest } from './mail-composer.ts';

const at = (time: string) => new Date(`2026-11-25T${time}Z`);

/** What a preview is filled in with: whoever looks at a template sees nobody's data, and no key that opens anything. */
export function sampleRequest(tenantDomain: string, locale: string): MailRequest {
  const confirmationCode = 'c2FtcGxlLWtleS1vZi1hLXByZXZpZXctb25seQ';
  return {
    eventId: '00000000-0000-4000-8000-000000000000',
    createdAt: at('09:30:00'),
    expiresAt: at('10:30:00'),
    templateType: 'preview',
    recipient: { address: 'kim@example.com', locale, claims: { givenname: 'Kim', lastname: 'Example', emailaddress: 'kim@example.com' } },
    user: { username: 'kim', realm: 'PRIMARY', tenantDomain },
    link: `https://id.example.com/myaccount/reset#key=${confirmationCode}`,
    confirmationCode,
    callback: 'https://app.example.com/',
    properties: {},
    clientAddress: '192.0.2.7',
    lockedUntil: at('09:35:00'),
  };
}
