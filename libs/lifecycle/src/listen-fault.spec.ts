import { listenFault } from './index.ts';

describe('a port that cannot be listened on', () => {
  it('is named in one line, with the reason and what it means', () => {
    const inUse = Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1:9443'), { code: 'EADDRINUSE' });
    expect(listenFault(inUse, 9443).message).toBe('port 9443 is in use by another program');
    expect(listenFault(inUse, 9587, 'the inbox cannot catch mails there').message).toBe('port 9587 is in use by another program: the inbox cannot catch mails there');
    expect(listenFault({ code: 'EACCES' }, 443).message).toBe('port 443 cannot be listened on (EACCES)');
    expect(listenFault(inUse, 9443).cause).toBe(inUse);
  });
});
