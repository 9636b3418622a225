import { maskedAddress } from './masked-address.ts';

describe('a masked address', () => {
  it.each([
    ['kim@example.com', 'k**@e*****e.com'],
    ['k@x.org', 'k@x.org'],
    ['kim.lee+news@mail.example.co.uk', 'k***********@m*************o.uk'],
    ['kim@localhost', 'k**@localhost'],
    ['kim@ab.de', 'k**@ab.de'],
  ])('of %s is %s, as WSO2 has it', (address, masked) => {
    expect(maskedAddress(address)).toBe(masked);
  });
});
