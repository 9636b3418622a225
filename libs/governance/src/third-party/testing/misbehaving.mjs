// A listener, and a handler, that goes wrong in the way that its properties ask for.
const ways = {
  throws: () => {
    throw new Error('out of order');
  },
  'throws what cannot be looked at': () => {
    throw new Proxy({}, { get() { throw new Error('no property'); } });
  },
  'throws an error without a message': () => {
    throw Object.defineProperty(new Error(''), 'message', { get() { throw new Error('no message'); } });
  },
  'throws nothing': () => {
    throw undefined;
  },
  rejects: async () => Promise.reject(new Error('out of order')),
  hangs: async () => new Promise(() => undefined),
  'answers nothing': () => undefined,
  'answers true': () => true,
  'answers a kind that does not exist': () => ({ kind: 'allow' }),
  'refuses without a code': () => ({ kind: 'refuse', message: 'no' }),
  'refuses with a code of its own making': () => ({ kind: 'refuse', code: '<script>', message: 'no' }),
  'refuses without a message': () => ({ kind: 'refuse', code: 'NO' }),
  'answers claims that are no text': () => ({ kind: 'continue', claims: { color: 7 } }),
  'answers claims where there are none': () => ({ kind: 'continue', claims: null }),
  'answers a claim with a name that cannot be stored': () => ({ kind: 'continue', claims: { 'a\0b': 'x' } }),
  'answers half a character': () => ({ kind: 'continue', claims: { color: '\ud83d' } }),
  'answers a claim of a megabyte': () => ({ kind: 'continue', claims: { color: 'x'.repeat(1_000_000) } }),
  'answers a claim with a name of a megabyte': () => ({ kind: 'continue', claims: { ['x'.repeat(1_000_000)]: 'red' } }),
  'answers too many claims': () => ({ kind: 'continue', claims: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`color ${index}`, 'red'])) }),
  'answers a promise whose then throws': () => ({
    get then() {
      throw new Error('no then');
    },
  }),
  'answers a promise with a then of its own': () => Object.assign(Promise.resolve(true), { then: () => ({ kind: 'refuse', code: '<script>', message: 'no', reasons: [{}] }) }),
  'changes what it sees': (view) => {
    view.user.username = 'admin';
    return { kind: 'continue' };
  },
};

export default function misbehaving({ properties }) {
  const hook = ways[properties.how];
  return { pre: { authenticate: hook, setClaims: hook }, post: { authenticate: hook } };
}
