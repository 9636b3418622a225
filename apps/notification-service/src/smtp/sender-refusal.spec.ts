import { refusesSender } from './sender-refusal.ts';

const to = 'kim@example.com';

describe('a 5xx to RCPT (F30, F31)', () => {
  it.each([
    ['Postfix', '554 5.7.1 <kim@example.com>: Relay access denied'],
    ['Postfix, which says at RCPT what it knew before', '554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied'],
    ['Postfix', '553 5.7.1 <noreply@id.example>: Sender address rejected: not logged in'],
    ['Postfix', '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example'],
    ['Sendmail', '550 5.7.1 <kim@example.com>... Relaying denied. Proper authentication required.'],
    ['Exim', '550 relay not permitted'],
    ['Exim', '550-authentication required\n550 ask your postmaster'],
    ['Exchange', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain'],
    ['Exchange', '550 5.7.60 SMTP; Client does not have permissions to send as this sender'],
    ['Exchange', '550 5.7.1 Unable to relay for kim@example.com'],
    ['Exchange Online', '550 5.7.64 TenantAttribution; Relay Access Denied'],
    ['qmail', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
    ['Google', "550-5.7.1 [192.0.2.7] The IP you're using to send mail is not authorized\n550 5.7.1 to send email directly"],
  ])('of %s refuses us: %s', (_of, reply) => {
    expect(refusesSender(reply, to)).toBe(true);
  });

  it.each([
    ['an address that is none', '550 5.1.1 <kim@example.com>: Recipient address rejected: User unknown'],
    ['a recipient’s policy, under the same code', '554 5.7.1 <kim@example.com>: Recipient address rejected: Access denied'],
    ['a recipient’s policy, in words alone', '550 5.7.1 The recipient does not take mail from outside'],
    ['a mailbox that is closed', '550 5.2.1 disabled'],
    ['what is thought of the mail', '550 5.7.1 Message rejected as spam'],
    ['what another server said, quoted', '554 5.7.1 <kim@example.com>: Recipient address rejected: undeliverable address: host mx.evil.test said: 550 5.7.1 Relaying denied'],
    ['another server’s code, passed on', '550 5.7.54 <kim@example.com>: Recipient address rejected: undeliverable address: host mx.evil.test said: 550 5.7.54 no'],
    ['a longer code that begins alike', '550 5.7.509 Access denied, sending domain does not pass DMARC'],
    ['nothing', '550'],
  ])('is about the mail where it tells of %s: %s', (_what, reply) => {
    expect(refusesSender(reply, to)).toBe(false);
  });

  it('is not made to refuse us by an address that says so', () => {
    const evil = '"x>: Relay access denied"@evil.test';
    expect(refusesSender(`550 5.1.1 <${evil}>: User unknown`, evil)).toBe(false);
  });
});
