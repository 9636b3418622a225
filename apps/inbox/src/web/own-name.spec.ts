import { isOwnName } from './own-name.ts';

describe('the name that a request calls the inbox by', () => {
  const everywhere = ['localhost', 'localhost:9025', '127.0.0.1:9025', '[::1]:9025'];

  it.each([...everywhere, 'LOCALHOST'])('is its own on loopback: %s', (name) => {
    expect(isOwnName('127.0.0.1', [], name)).toBe(true);
  });

  it.each(['evil.example', 'evil.example:9025', '127.0.0.1.evil.example', 'localhost.evil.example', '192.0.2.1', '', undefined])('is not its own on loopback: %s', (name) => {
    expect(isOwnName('127.0.0.1', [], name)).toBe(false);
  });

  it.each([...everywhere, '192.0.2.1:9025', '[2001:db8::1]'])('is its own where it is open to the network, as in a container: %s', (name) => {
    expect(isOwnName('0.0.0.0', [], name)).toBe(true);
  });

  it('is another’s there too, unless it was given that name', () => {
    expect(isOwnName('0.0.0.0', [], 'inbox.example.com:9025')).toBe(false);
    expect(isOwnName('0.0.0.0', ['inbox.example.com'], 'Inbox.Example.com:9025')).toBe(true);
    expect(isOwnName('127.0.0.1', ['inbox.example.com'], 'inbox.example.com')).toBe(true);
  });
});
