import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A process that runs one program; `print` is at hand there, and `forever`, which never comes. */
class Program {
  output = '';
  private readonly changed = new EventTarget();
  private readonly child;
  readonly ended: Promise<unknown[]>;

  constructor(start: string, options: { options?: string; stdin?: 'pipe' } = {}) {
    const script = `
      import { writeSync } from 'node:fs';
      import { runProgram } from '@rekey/lifecycle';
      import { createLogger } from '@rekey/observability';
      const print = (line) => writeSync(1, line + '\\n');
      const forever = new Promise(() => {});
      const next = () => new Promise((resolve) => process.stdin.once('data', resolve));
      await runProgram(createLogger('program', { format: 'json', level: 'info' }), ${start}, ${options.options ?? '{}'});`;
    this.child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (data: Buffer) => {
        this.output += data.toString();
        this.changed.dispatchEvent(new Event('output'));
      });
    }
    this.ended = once(this.child, 'close');
  }

  async says(line: string): Promise<void> {
    while (!this.output.includes(line)) {
      const closed = await Promise.race([once(this.changed, 'output').then(() => false), this.ended.then(() => true)]);
      if (closed && !this.output.includes(line)) throw new Error(`ended without saying "${line}", but:\n${this.output}`);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Lets the program's `next()` go on. */
  goOn(): void {
    this.child.stdin.write('\n');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async exitCode(): Promise<unknown> {
    const [code] = await this.ended;
    return code;
  }

  /** What it logged, as an operator's tools read it. */
  logged(): { readonly level: number; readonly msg: string; readonly err?: { readonly message: string; readonly stack: string } }[] {
    return this.output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }
}

const fatal = 60;

describe('running a program', () => {
  const programs: Program[] = [];
  const run = (...given: ConstructorParameters<typeof Program>): Program => {
    const program = new Program(...given);
    programs.push(program);
    return program;
  };
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill();
      await program.ended;
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s, after it has stopped', async (signal) => {
    const program = run(`async () => { print('started'); return { stop: async () => { await null; print('stopped'); } }; }`);
    await program.says('started');
    program.signal(signal);
    expect(await program.exitCode()).toBe(0);
    expect(program.output).toBe('started\nstopped\n');
  });

  it('ends with 1 at once at the second signal (F8)', async () => {
    const program = run(`async () => { print('started'); return { stop: async () => { print('stopping'); await forever; } }; }`);
    await program.says('started');
    program.signal('SIGTERM');
    await program.says('stopping');
    program.signal('SIGINT');
    expect(await program.exitCode()).toBe(1);
  });

  it('reads its configuration again at every SIGHUP, and goes on', async () => {
    const program = run(`async () => { print('started'); let times = 0; return { stop: async () => print('stopped'), reload: () => print('reload ' + ++times) }; }`);
    await program.says('started');
    for (const times of [1, 2]) {
      program.signal('SIGHUP');
      await program.says(`reload ${times}`);
    }
    program.signal('SIGTERM');
    expect(await program.exitCode()).toBe(0);
    expect(program.output).toContain('stopped');
  });

  it('ends cleanly at a SIGHUP where it has no configuration to read again', async () => {
    const program = run(`async () => { print('started'); return { stop: async () => print('stopped') }; }`);
    await program.says('started');
    program.signal('SIGHUP');
    expect(await program.exitCode()).toBe(0);
    expect(program.output).toContain('stopped');
  });

  it('goes on starting at a SIGHUP: it is about to read its configuration', async () => {
    const program = run(`async () => { print('starting'); await next(); print('started'); return { stop: async () => undefined }; }`);
    await program.says('starting');
    program.signal('SIGHUP');
    program.goOn();
    await program.says('started');
    program.signal('SIGTERM');
    expect(await program.exitCode()).toBe(0);
  });

  it('goes on after what nobody caught where it is said to survive that', async () => {
    const program = run(`async () => { print('started'); Promise.reject('a stray'); setTimeout(() => { throw 'a stray' }); setTimeout(() => { throw new Error('ours') }, 100); return { stop: async () => print('stopped') }; }`, {
      options: `{ survives: (thrown) => thrown === 'a stray' && (print('survived'), true) }`,
    });
    expect(await program.exitCode()).toBe(1);
    expect(program.output.match(/survived/g)).toHaveLength(2);
    expect(program.logged()).toEqual([expect.objectContaining({ level: fatal, err: expect.objectContaining({ message: 'ours' }) })]);
  });

  it('ends with 1 where stopping fails, and says why', async () => {
    const program = run(`async () => { print('started'); return { stop: async () => { throw new Error('the database is away'); } }; }`);
    await program.says('started');
    program.signal('SIGTERM');
    expect(await program.exitCode()).toBe(1);
    expect(program.logged()).toEqual([expect.objectContaining({ msg: 'did not end cleanly', err: expect.objectContaining({ message: 'the database is away' }) })]);
  });

  it('gives up stopping after its time', async () => {
    const program = run(`async () => { print('started'); return { stop: () => forever }; }`, { options: '{ longestStopMs: 50 }' });
    await program.says('started');
    program.signal('SIGTERM');
    expect(await program.exitCode()).toBe(1);
    expect(program.logged().map(({ msg }) => msg)).toEqual(['not ended after 0.05 s: giving up']);
  });

  it('says in one line why it did not start, and ends with 1', async () => {
    const program = run(`async () => { throw new Error('port 9443 is in use'); }`);
    expect(await program.exitCode()).toBe(1);
    expect(program.output.trim().split('\n')).toHaveLength(1);
    expect(program.logged()).toEqual([expect.objectContaining({ level: fatal, msg: 'port 9443 is in use' })]);
  });

  it.each([
    ['a rejection that nobody handles', `Promise.reject(new Error('forgotten'))`],
    ['an exception that nobody catches', `setImmediate(() => { throw new Error('forgotten'); })`],
    ['a fault that a part tells of', `fail(new Error('forgotten'))`],
  ])('stops and ends with 1 after %s (F56)', async (_, fault) => {
    const program = run(`async ({ fail }) => { print('started'); next().then(() => { ${fault}; }); return { stop: async () => print('stopped') }; }`);
    await program.says('started');
    program.goOn();
    expect(await program.exitCode()).toBe(1);
    expect(program.output).toContain('stopped\n');
    expect(program.logged()).toEqual([expect.objectContaining({ level: fatal, msg: 'ending because of a fault', err: expect.objectContaining({ message: 'forgotten' }) })]);
  });

  it('stops what was started where the signal comes while it is starting', async () => {
    const program = run(`async () => { print('starting'); await next(); return { stop: async () => print('stopped') }; }`);
    await program.says('starting');
    program.signal('SIGTERM');
    program.goOn();
    expect(await program.exitCode()).toBe(0);
    expect(program.output).toBe('starting\nstopped\n');
  });

  it('tells a start that it may break off, which is no failure then', async () => {
    const program = run(`async ({ ending }) => { print('starting'); await new Promise((_, reject) => ending.addEventListener('abort', () => { print('broken off'); reject(ending.reason); })); }`);
    await program.says('starting');
    program.signal('SIGINT');
    expect(await program.exitCode()).toBe(0);
    expect(program.output).toBe('starting\nbroken off\n');
  });

  it('stops what was started where a part fails while others are still starting', async () => {
    const program = run(`async ({ fail }) => { fail(new Error('no Kafka')); await null; print('started'); return { stop: async () => print('stopped') }; }`);
    expect(await program.exitCode()).toBe(1);
    expect(program.output).toContain('started\nstopped\n');
    expect(program.logged().map(({ msg }) => msg)).toEqual(['no Kafka']);
  });

  it('loses nothing of what it has written, however much', async () => {
    const program = run(`async () => { print('started'); return { stop: async () => { process.stdout.write('x'.repeat(5_000_000) + 'end'); } }; }`);
    await program.says('started');
    program.signal('SIGTERM');
    expect(await program.exitCode()).toBe(0);
    expect(program.output).toHaveLength('started\n'.length + 5_000_000 + 'end'.length);
  });

  it('runs until it is told to end, whatever it has or has not to do', async () => {
    const program = run(`async () => { setTimeout(() => print('still here'), 50).unref(); process.stdin.unref(); return { stop: async () => {} }; }`);
    await program.says('still here');
    program.signal('SIGTERM');
    expect(await program.exitCode()).toBe(0);
  });
});
