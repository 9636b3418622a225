import { MjmlThread } from './mjml-thread.ts';

const compiler = (body: string): string => `data:text/javascript,${encodeURIComponent(`export default async (source) => { ${body}; return { html: source.toUpperCase() }; }`)}`;

describe('the thread that compiles MJML', () => {
  it.each([
    ['kills it', "if (source === 'bad') process.exit(1)", /^it cannot be compiled: the compiler has ended/],
    ['makes it run out of memory', "if (source === 'bad') for (const all = []; ; ) all.push(new Array(10_000).fill(source.length + all.length))", /^it cannot be compiled: .*memory/i],
    ['breaks it from afar', "if (source === 'bad') setImmediate(() => { throw new Error('from afar') }), await new Promise(() => undefined)", /^it cannot be compiled: .*from afar/],
  ])('refuses a template that %s, and compiles those around it', async (_, body, reason) => {
    const thread = new MjmlThread({ compiler: compiler(body), heapMegabytes: 32 });
    const answers = await Promise.all(['one', 'bad', 'two'].map((source) => thread.compile(source)));
    expect(answers).toEqual([{ kind: 'html', html: 'ONE' }, { kind: 'faulty', message: expect.stringMatching(reason), fault: null }, { kind: 'html', html: 'TWO' }]);
  });

  it('does not wait for ever for one that hangs', async () => {
    const thread = new MjmlThread({ compiler: compiler('for (;;)'), longestMs: 50 });
    expect(await thread.compile('bad')).toEqual({ kind: 'faulty', message: 'it cannot be compiled: it takes longer than 0.05 s', fault: null });
  });

  it('says where the compiler is missing', async () => {
    expect(await new MjmlThread({ compiler: 'file:///nowhere/mjml.js' }).compile('one')).toMatchObject({ kind: 'faulty', message: expect.stringContaining('nowhere') });
  });
});
