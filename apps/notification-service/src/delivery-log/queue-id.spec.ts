import { queueIdOf } from './queue-id.ts';

describe('the queue id in a relay’s 250', () => {
  it.each([
    ['Postfix', '250 2.0.0 Ok: queued as 4XyZ1k2Wz9z3h', '4XyZ1k2Wz9z3h'],
    ['Exim', '250 OK id=1rWxyz-0001Ab-2C', '1rWxyz-0001Ab-2C'],
    ['Exchange', '250 2.6.0 <a@example.com> [InternalId=123456, Hostname=MX1.example.com] Queued mail for delivery', '123456'],
    ['sendmail', '250 2.0.0 3B1Kxyz012345 Message accepted for delivery', '3B1Kxyz012345'],
    ['Gmail', '250 2.0.0 OK  1732550400 abc12-20020a.123 - gsmtp', 'abc12-20020a.123'],
    ['one that names none', '250 OK', null],
  ])('of %s', (_relay, reply, id) => {
    expect(queueIdOf(reply)).toBe(id);
  });
});
