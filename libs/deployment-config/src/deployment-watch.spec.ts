import { once } from 'node:events';
import { chmodSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { recoverySections } from './config-sections.ts';
import type { DeploymentConfig } from './deployment-config.ts';
import { DeploymentWatch } from './deployment-watch.ts';
import { configFromEnvironment } from './from-environment.ts';

const given = process.env['REKEY_CONFIG'];

/** A `deployment.toml` under watch, what was made of it, and what was said. */
class WatchUnderTest {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-watch-'));
  readonly file = path.join(this.folder, 'deployment.toml');
  readonly changes: { readonly next: DeploymentConfig; readonly previous: DeploymentConfig }[] = [];
  readonly log: { readonly level: 'info' | 'warn' | 'error'; readonly line: string }[] = [];
  readonly outcomes: string[] = [];
  /** What the process makes of a change. */
  apply: (next: DeploymentConfig) => Promise<void> = () => Promise.resolve();
  private readonly told = new EventTarget();
  readonly watch: DeploymentWatch;

  constructor(toml: string) {
    this.write(toml);
    process.env['REKEY_CONFIG'] = this.file;
    const { config, warnings } = configFromEnvironment();
    const logAt = (level: 'info' | 'warn' | 'error') => (line: string) => {
      this.log.push({ level, line });
      this.told.dispatchEvent(new Event('told'));
    };
    this.watch = new DeploymentWatch({
      files: [this.file],
      read: () => configFromEnvironment(),
      config,
      warnings,
      sections: recoverySections,
      onChange: async (next, previous) => {
        await this.apply(next);
        this.changes.push({ next, previous });
      },
      onRead: (outcome) => this.outcomes.push(outcome),
      log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    });
  }

  static started(toml: string): WatchUnderTest {
    const under = new WatchUnderTest(toml);
    under.watch.start();
    return under;
  }

  write(toml: string): void {
    writeFileSync(this.file, toml);
  }

  lines(level: 'info' | 'warn' | 'error'): string[] {
    return this.log.filter((entry) => entry.level === level).map(({ line }) => line);
  }

  /** Waits until a line matches. @returns it */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.log.map((entry) => entry.line).find((said) => pattern.test(said));
      if (line !== undefined) return line;
      await Promise.race([once(this.told, 'told'), pause(10_000, undefined, { ref: false }).then(() => Promise.reject(new Error(`nobody said ${String(pattern)}, but ${JSON.stringify(this.log)}`)))]);
    }
  }

  /** A SIGHUP, and its answer. */
  async reloaded(): Promise<void> {
    const before = this.log.length;
    this.watch.reload();
    while (this.log.length === before) await once(this.told, 'told');
  }

  async end(): Promise<void> {
    await this.watch.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const locking = (attempts: number | string) => `[identity_mgt.account_locking]\nenable_account_locking = true\nallowed_failed_attempts = ${attempts}\n`;

let under: WatchUnderTest;

afterEach(async () => {
  await under.end();
  if (given === undefined) delete process.env['REKEY_CONFIG'];
  else process.env['REKEY_CONFIG'] = given;
});

describe('a changed deployment.toml', () => {
  it('counts soon, and whole (F46)', async () => {
    under = WatchUnderTest.started(locking(3));
    under.write(`${locking(7)}[identity_mgt.password_history]\nenable = true\n`);
    await under.says(/read again/);
    expect(under.changes).toHaveLength(1);
    expect(under.changes[0]).toMatchObject({
      previous: { accountLocking: { allowedFailedAttempts: 3 }, passwordHistory: { enable: false } },
      next: { accountLocking: { allowedFailedAttempts: 7 }, passwordHistory: { enable: true } },
    });
    expect(under.lines('info')).toEqual(['the configuration was read again: [identity_mgt.password_history], [identity_mgt.account_locking] changed']);
  });

  it('counts as well where an editor puts another file in its place', async () => {
    under = WatchUnderTest.started(locking(3));
    writeFileSync(`${under.file}~`, locking(8));
    renameSync(`${under.file}~`, under.file);
    await under.says(/read again/);
    expect(under.changes[0]?.next.accountLocking.allowedFailedAttempts).toBe(8);
  });

  it('counts from before the watch as well: nothing that was written while the service started is lost', async () => {
    under = new WatchUnderTest(locking(3));
    under.write(locking(9));
    under.watch.start();
    await under.says(/read again/);
    expect(under.changes.map(({ next }) => next.accountLocking.allowedFailedAttempts)).toEqual([9]);
  });

  it('is not applied where it says the same, nor reported', async () => {
    under = WatchUnderTest.started(locking(3));
    under.write(`# the same\n${locking('"3"')}`);
    await pause(200); // seen by itself, not only together with the next one
    under.write(locking(4));
    await under.says(/read again/);
    expect(under.changes.map(({ next }) => next.accountLocking.allowedFailedAttempts)).toEqual([4]);
    expect(under.log).toHaveLength(1);
  });

  it('is applied at a SIGHUP though it says the same: a module that it names may be another by now', async () => {
    under = WatchUnderTest.started(locking(3));
    await under.reloaded();
    expect(under.changes.map(({ next, previous }) => isDeepStrictEqual(next, previous))).toEqual([true]);
    expect(under.lines('info')).toEqual(['the configuration was read again, and says what is in force']);
  });

  it('keeps up with ten changes a second, and ends at the last one (F46)', async () => {
    under = WatchUnderTest.started(locking(1));
    for (let attempts = 2; attempts <= 31; attempts++) {
      under.write(locking(attempts));
      await pause(100);
    }
    while (under.changes.at(-1)?.next.accountLocking.allowedFailedAttempts !== 31) await pause(20);
    // Each follows on the one before, and none was only half of a file.
    under.changes.slice(1).forEach(({ previous }, index) => expect(previous).toBe(under.changes[index]?.next));
    expect(under.lines('error')).toEqual([]);
  });
});

describe('a deployment.toml that is not valid any more (F46, S44)', () => {
  it.each([
    ['bad TOML', '[identity_mgt.account_locking\n', /deployment\.toml:1:\d+: not valid TOML/],
    ['a half-written file', `${locking(7).slice(0, -8)}`, /deployment\.toml:3:\d+: /],
    ['a file that is begun', '', /deployment\.toml:1:1: the file is empty, as one that is being written/],
    ['an unknown key', `${locking(7)}notfy = true\n`, /deployment\.toml:4:1: identity_mgt\.account_locking\.notfy: there is no such key; did you mean identity_mgt\.account_locking\.notify\?/],
    ['a wrong type', locking('"many"'), /deployment\.toml:3:1: identity_mgt\.account_locking\.allowed_failed_attempts: expected a whole number/],
    ['a table written twice', `${locking(7)}${locking(8)}`, /deployment\.toml:4:2: not valid TOML: trying to redefine/],
    ['__proto__', `${locking(7)}[__proto__]\na = 1\n`, /deployment\.toml:4:1: __proto__: there is no such key/],
    ['two listeners of one priority', `${locking(7)}[event.default_listener.identity_mgt]\npriority = 95\n`, /deployment\.toml:5:1: .*95 is the priority of governance_identity_mgt too/],
    ['a dangerous value', `${locking(7)}[identity_mgt.recovery]\nenable_auto_login = true\n`, /deployment\.toml:5:1: identity_mgt\.recovery\.enable_auto_login: expected false/],
  ])('leaves the old one in force, with one line that names the place: %s', async (_what, toml, message) => {
    under = WatchUnderTest.started(locking(3));
    under.write(toml);
    await under.says(message);
    expect(under.changes).toEqual([]);
    expect(under.lines('error')).toEqual([expect.stringMatching(/; what was read before stays in force$/)]);
    expect(under.outcomes).toEqual(under.outcomes.map(() => 'refused'));
    expect(under.outcomes).not.toEqual([]);
    expect(under.lines('error')[0]).not.toContain('\n');

    under.write(locking(4));
    await under.says(/read again/);
    expect(under.changes.map(({ next }) => next.accountLocking.allowedFailedAttempts)).toEqual([4]);
  });

  it('is named once, however often it is looked at', async () => {
    under = WatchUnderTest.started(locking(3));
    under.write('[servr]');
    await under.says(/servr/);
    for (let round = 0; round < 5; round++) {
      under.write(`[servr]${'\n'.repeat(round)}`);
      await pause(150);
    }
    under.write(locking(4));
    await under.says(/read again/);
    expect(under.lines('error')).toHaveLength(1);
  });

  it('is one that was deleted, until it is there again', async () => {
    under = WatchUnderTest.started(locking(3));
    unlinkSync(under.file);
    await under.says(/cannot be read \(ENOENT\)/);
    under.write(locking(3));
    await under.says(/says what is in force/);
    expect(under.changes).toEqual([]);
  });

  it('is one that may not be read', async () => {
    under = WatchUnderTest.started(locking(3));
    chmodSync(under.file, 0o000);
    await under.reloaded();
    // Root reads everything.
    if (process.getuid?.() === 0) expect(under.lines('error')).toEqual([]);
    else expect(under.lines('error')).toEqual([expect.stringContaining('cannot be read (EACCES)')]);
    for (const { next, previous } of under.changes) expect(next).toEqual(previous);
  });
});

describe('what only a start can change', () => {
  it('is named, and the rest is applied', async () => {
    under = WatchUnderTest.started(locking(3));
    under.write(`${locking(5)}[server]\noffset = 7\n[database.identity_db]\nname = "a"\nusername = "b"\npassword = "hunter2"\n`);
    await under.says(/read again/);
    expect(under.lines('warn')).toEqual(['[server] or [transport], [database.identity_db] changed: this counts from the next start on']);
    const next = under.changes[0]?.next;
    expect([next?.accountLocking.allowedFailedAttempts, next?.server.httpsPort, next?.identityDatabase]).toEqual([5, 9443, null]);
    // The links stay what they are until then, and so do the callbacks that are allowed beside them.
    expect(next?.passwordRecovery.callbackPattern).toBe('https:\\/\\/localhost:9443(?:/.*)?');
    expect(JSON.stringify(under.log)).not.toContain('hunter2');
  });

  it('does not concern a service that does not read it', async () => {
    under = WatchUnderTest.started(locking(3));
    under.write(`${locking(3)}[output_adapter.email]\nhostname = "relay"\nfrom_address = "a@b.test"\nenable_authentication = false\n`);
    await under.reloaded();
    for (const { next, previous } of under.changes) expect(next).toEqual(previous);
    expect(under.lines('warn')).toEqual([]);
  });
});

describe('a change that the service cannot make', () => {
  it('is told in one line, and tried again when the file changes', async () => {
    under = WatchUnderTest.started(locking(3));
    under.apply = ({ accountLocking }) => (accountLocking.allowedFailedAttempts === 4 ? Promise.reject(new Error('listener "curfew": ./curfew.js has no default export')) : Promise.resolve());
    under.write(locking(4));
    await under.says(/curfew/);
    expect(under.lines('error')).toEqual(['listener "curfew": ./curfew.js has no default export; what was read before stays in force']);
    under.write(locking(5));
    await under.says(/read again/);
    expect(under.changes.map(({ next, previous }) => [previous.accountLocking.allowedFailedAttempts, next.accountLocking.allowedFailedAttempts])).toEqual([[3, 5]]);
  });
});

describe('a warning', () => {
  it('is told when it is new', async () => {
    under = WatchUnderTest.started(locking(3));
    const unprotected = `${locking(3)}[rate_limit]\nenable = false\n`;
    under.write(unprotected);
    await under.says(/read again/);
    under.write(`${unprotected}# more\n`);
    await under.reloaded();
    expect(under.lines('warn')).toEqual([expect.stringContaining('rate_limit.enable is false')]);
  });
});
