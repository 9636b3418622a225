import { spawn } from 'node:child_process';
import { once } from 'node:events';

const module = new URL('../dist/crash-point.js', import.meta.url).href;

describe('a kill point', () => {
  async function run(code: string, crashAt: string | undefined): Promise<{ printed: string; errors: string; code: number | null; signal: NodeJS.Signals | null }> {
    const program = `import { crashPoint, crashPointIn } from ${JSON.stringify(module)}; ${code}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env: { PATH: process.env['PATH'], ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }) } });
    let [printed, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { printed, errors, code: exitCode, signal };
  }
  const say = (text: string): string => `console.log('${text}');`;

  it('kills the process there, and nowhere before', async () => {
    const { printed, signal } = await run(`${say('one')} crashPoint('K12'); ${say('two')} crashPoint('K13'); ${say('three')}`, 'K13');
    expect([printed, signal]).toEqual(['one\ntwo\n', 'SIGKILL']);
  });

  it('kills it some time later, where told', async () => {
    const { printed, signal } = await run(`crashPointIn(50, 'K9'); setInterval(() => undefined, 1000); ${say('one')}`, 'K9');
    expect([printed, signal]).toEqual(['one\n', 'SIGKILL']);
  });

  it('does nothing where none is named', async () => {
    const { printed, code } = await run(`crashPoint('K7'); crashPointIn(0, 'K9'); ${say('one')}`, undefined);
    expect([printed, code]).toEqual(['one\n', 0]);
  });

  it('that is none is refused: a test would see nothing break', async () => {
    const { errors, code } = await run(say('one'), 'K99');
    expect(code).toBe(1);
    expect(errors).toContain('CRASH_AT: expected one of K1, K2, ');
  });
});
