import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CustomListenerSettings } from '@rekey/deployment-config';
import { createLogger } from '@rekey/observability';
import { ListenerChain } from '../chain/listener-chain.ts';
import { proceed, type OperationName, type UserOperationListener, type UserOperations } from '../chain/user-operation.ts';
import { thirdPartyListener } from './third-party-listener.ts';

const kim = { id: '5c0ffee0-0000-4000-8000-000000000001', tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'kim' } as const;
/** Written, as ever: what is thrown may be such that this is what fails. */
const written: string[] = [];
const log = createLogger('test', { level: 'error', format: 'json', destination: { write: (line) => written.push(line) } });
const misbehaving = fileURLToPath(new URL('testing/misbehaving.mjs', import.meta.url));

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'rekey-listener-'))));
afterAll(() => rm(folder, { recursive: true }));

/** For a process of its own: Jest keeps the text of every file that it has read, and what nobody catches is its own. */
const built = (file: string) => JSON.stringify(new URL(`../../dist/third-party/${file}.js`, import.meta.url).href);

let modules = 0;
/** @param code of an ES module */
async function aModule(code: string): Promise<string> {
  const file = path.join(folder, `listener-${++modules}.mjs`);
  await writeFile(file, code);
  return file;
}

const settingsOf = (module: string, more: Partial<CustomListenerSettings> = {}): CustomListenerSettings => ({ name: 'theirs', module, priority: 10, enable: true, timeLimitMs: 30, onFailure: 'refuse', properties: {}, ...more });

/** Theirs between two of ours. */
async function chainWith(settings: CustomListenerSettings): Promise<{ chain: ListenerChain; called: string[] }> {
  const called: string[] = [];
  const ours = (name: string): UserOperationListener => {
    const hook = (phase: string) => () => (called.push(`${phase} ${name}`), proceed);
    return { name, pre: { authenticate: hook('pre'), setClaims: hook('pre') }, post: { authenticate: hook('post') } };
  };
  const { priority, enable, timeLimitMs, onFailure } = settings;
  const listeners = [ours('last'), await thirdPartyListener(settings, log), ours('first')];
  return { chain: new ListenerChain(listeners, { first: { priority: 1, enable: true }, theirs: { priority, enable, timeLimitMs, onFailure }, last: { priority: 20, enable: true } }, log), called };
}

const authenticate: UserOperations['authenticate'] = { user: kim, exists: true, authenticated: true };
const run = async <Name extends OperationName>(chain: ListenerChain, name: Name, operation: UserOperations[Name]) => chain.around(name, operation, async () => ({ result: 'done', performed: operation }));
const stepsOf = (chain: ListenerChain) => chain.traces.latest().at(-1)?.steps.map(({ hook, listener, verdict }) => `${hook} ${listener} ${verdict}`);

const ways = [
  'throws',
  'throws what cannot be looked at',
  'throws an error without a message',
  'throws nothing',
  'rejects',
  'hangs',
  'answers nothing',
  'answers true',
  'answers a kind that does not exist',
  'refuses without a code',
  'refuses with a code of its own making',
  'refuses without a message',
  'answers claims that are no text',
  'answers claims where there are none',
  'answers a promise whose then throws',
  'answers a promise with a then of its own',
  'changes what it sees',
];

describe('a listener of a third party that misbehaves', () => {
  it.each(ways)('and %s: the operation is refused, in its order and within its time (S44, F47)', async (how) => {
    const { chain, called } = await chainWith(settingsOf(misbehaving, { properties: { how } }));
    const code = how === 'hangs' ? 'RKY-10007' : '18013';
    expect(await run(chain, 'authenticate', authenticate)).toMatchObject({ kind: 'refused', refusal: { code } });
    expect(called).toEqual(['pre first']);
    expect(stepsOf(chain)).toEqual(['pre first continue', `pre theirs ${code}`]);
    expect(authenticate.user.username).toBe('kim');
  });

  it.each(ways)('and %s: the operation goes on in its order where it is configured to (S44, F47)', async (how) => {
    const { chain, called } = await chainWith(settingsOf(misbehaving, { properties: { how }, onFailure: 'continue' }));
    written.length = 0;
    expect(await run(chain, 'authenticate', authenticate)).toEqual({ kind: 'performed', result: 'done', objection: null });
    expect(written.map((line) => (JSON.parse(line) as { listener: string; hook: string }).hook)).toEqual(['pre authenticate', 'post authenticate']);
    expect(called).toEqual(['pre first', 'pre last', 'post first', 'post last']);
    expect(stepsOf(chain)).toEqual(['pre first continue', 'pre theirs failed', 'pre last continue', 'post first continue', 'post theirs failed', 'post last continue']);
  });

  it.each(['answers a claim with a name that cannot be stored', 'answers half a character', 'answers a claim of a megabyte', 'answers a claim with a name of a megabyte', 'answers too many claims'])(
    'and %s: that is its own failure, not the database’s (S44)',
    async (how) => {
      for (const [onFailure, outcome] of [['refuse', { kind: 'refused', refusal: { code: '18013' } }], ['continue', { kind: 'performed' }]] as const) {
        const { chain } = await chainWith(settingsOf(misbehaving, { properties: { how }, onFailure }));
        const operation = { user: kim, claims: { color: 'red' } };
        expect(await run(chain, 'setClaims', operation)).toMatchObject(outcome);
        expect(operation.claims).toEqual({ color: 'red' });
      }
      expect(Math.max(...written.map(({ length }) => length))).toBeLessThan(10_000);
    },
  );

  it.each<[string, string, RegExp]>([
    ['throws as it is loaded', `throw new Error('not today')`, /not today$/],
    ['has no default export', `export const pre = {}`, /expected a default export/],
    ['exports a text', `export default 'hello'`, /expected a default export/],
    ['exports no hook', `export default {}`, /got no hook$/],
    ['exports what is no phase', `export default { before: {} }`, /got before$/],
    ['exports a hook that does not exist', `export default { pre: { signIn() {} } }`, /authenticate, addUser.*got pre\.signIn$/],
    ['exports a hook that is no function', `export default { post: { authenticate: true } }`, /post\.authenticate to be a function/],
    ['throws as it is made', `export default () => { throw new Error('no properties') }`, /no properties$/],
    ['cannot be read', `export default {`, /cannot be used/],
  ])('because it %s, is refused at start, in one line that names it, its module and what was expected (S44)', async (_, code, expected) => {
    const module = await aModule(code);
    const refusal = await thirdPartyListener(settingsOf(module), log).then(() => null, (error: unknown) => String(error));
    expect(refusal).toMatch(expected);
    expect(refusal).toContain('[[event_listener]] "theirs"');
    expect(refusal).toContain(module);
    expect(refusal).not.toContain('\n');
  });

  it.each(['/nowhere/listener.mjs', '@nobody/has-written-this'])('because it is not there, is refused at start: %s (S44)', async (module) => {
    await expect(thirdPartyListener(settingsOf(module), log)).rejects.toThrow(`[[event_listener]] "theirs": the module ${module} cannot be used`);
  });

  it('may be a package, by its name: one that is no listener is refused for what it exports', async () => {
    await expect(thirdPartyListener(settingsOf('fast-check'), log)).rejects.toThrow(/the module fast-check cannot be used: expected a default export/);
  });

  it('is not even loaded while it is disabled', async () => {
    expect(await thirdPartyListener(settingsOf('/nowhere/listener.mjs', { enable: false }), log)).toEqual({ name: 'theirs' });
  });
});

describe('a listener of a third party', () => {
  it('sees a frozen copy without a password, and nothing that it could call (S44)', async () => {
    const seen: unknown[] = [];
    Object.assign(globalThis, { seenByListener: seen });
    const hooks = `new Proxy({}, { ownKeys: () => names, getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: () => (view) => (globalThis.seenByListener.push(view), { kind: 'continue' }) })`;
    const module = await aModule(`const names = ['authenticate', 'addUser', 'updateCredential', 'updateCredentialByAdmin', 'setClaims', 'getClaims', 'deleteUser', 'listUsers'];\nexport default { pre: ${hooks}, post: ${hooks} };`);
    const { chain } = await chainWith(settingsOf(module));
    const operations: UserOperations = {
      authenticate,
      addUser: { name: kim, password: 'the password', claims: { color: 'red' }, user: kim },
      updateCredential: { user: kim, password: 'the password', proved: true },
      updateCredentialByAdmin: { user: kim, password: 'the password' },
      setClaims: { user: kim, claims: { color: 'red' } },
      getClaims: { user: kim, asked: ['color'], wanted: ['color'], claims: { color: 'red' } },
      deleteUser: { user: kim },
      listUsers: { tenantDomain: 'carbon.super', realm: 'PRIMARY', after: null, limit: 10, users: [kim] },
    };
    for (const name of Object.keys(operations) as OperationName[]) {
      // As careless as our own code might come to be: with what must not be seen.
      const careless = { ...operations[name], key: 'the key', passwordHash: '$argon2id$', database: { query: () => undefined } };
      await run(chain, name, careless as unknown as UserOperations[typeof name]);
    }
    expect(seen).toHaveLength(16);
    expect(JSON.stringify(seen)).not.toMatch(/the password|the key|argon2/);
    const parts = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(parts)] : [value]);
    for (const part of seen.flatMap(parts)) {
      expect(typeof part).not.toBe('function');
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(seen).toContainEqual({ operation: 'setClaims', hook: 'pre', dryRun: false, user: kim, claims: { color: 'red' } });
    expect(seen).toContainEqual({ operation: 'listUsers', hook: 'post', dryRun: false, user: null, list: { tenantDomain: 'carbon.super', realm: 'PRIMARY', after: null, limit: 10 }, users: [kim] });
  });

  it('is told of nobody without an id', async () => {
    const module = await aModule(`export default { pre: { authenticate: ({ user }) => ({ kind: 'refuse', code: 'TOLD', message: JSON.stringify(user) }) } }`);
    const { chain } = await chainWith(settingsOf(module));
    const outcome = await run(chain, 'authenticate', { user: kim, exists: false, authenticated: false });
    expect(outcome).toMatchObject({ refusal: { code: 'TOLD', message: JSON.stringify({ id: null, username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' }) } });
  });

  it('refuses with a code and words of its own, and nothing else of its answer goes further', async () => {
    const module = await aModule(`export default { pre: { async authenticate() { return { kind: 'refuse', code: 'CLOSED-7', message: 'Closed.', reasons: [{}], extra: 1 } } } }`);
    const { chain } = await chainWith(settingsOf(module));
    expect(await run(chain, 'authenticate', authenticate)).toEqual({ kind: 'refused', refusal: { kind: 'refuse', code: 'CLOSED-7', message: 'Closed.' } });
  });

  it('changes claims by answering others', async () => {
    const module = await aModule(`export default { pre: { setClaims: ({ claims }) => ({ kind: 'continue', claims: { ...claims, color: claims.color.toUpperCase() } }) } }`);
    const { chain } = await chainWith(settingsOf(module));
    const operation = { user: kim, claims: { color: 'red' } };
    await run(chain, 'setClaims', operation);
    expect(operation.claims).toEqual({ color: 'RED' });
  });

  it('is given its own properties and a log, frozen', async () => {
    const module = await aModule(`export default ({ properties, log }) => {
      log.info('loaded');
      return { pre: { authenticate: () => ({ kind: 'refuse', code: properties.code, message: [properties, log].map(Object.isFrozen).join() }) } };
    }`);
    const { chain } = await chainWith(settingsOf(module, { properties: { code: 'GIVEN' } }));
    expect(await run(chain, 'authenticate', authenticate)).toMatchObject({ refusal: { code: 'GIVEN', message: 'true,true' } });
  });

  it('is loaded anew once its file has changed, or its properties; else it is the one that there is, and what goes is told to stop', async () => {
    const module = await aModule(`export default { pre: { setClaims() {} } }`);
    const script = `
      import { utimes, writeFile } from 'node:fs/promises';
      import { loadThirdParties, noThirdParties } from ${built('third-parties')};
      const [settings] = process.argv.slice(1).map((text) => JSON.parse(text));
      const log = { child: () => log };
      const said = [];
      globalThis.say = (word) => said.push(word);
      let inUse = noThirdParties;
      const load = async (more = {}) => {
        const modules = inUse.modules.next();
        const next = await loadThirdParties({ customListeners: [{ ...settings, ...more }], customHandlers: [] }, log, modules);
        inUse.modules.stopAllBut(modules, log);
        inUse = next;
        said.push(Object.keys(next.listeners[0].pre ?? {}).join());
      };
      await load();
      await writeFile(settings.module, 'let made = 0; export default ({ properties }) => { const me = ++made + properties.color; say("made " + me); return { pre: { deleteUser() {} }, stop: () => say("stopped " + me) }; }');
      await utimes(settings.module, new Date(), new Date(Date.now() + 5_000));
      await load({ properties: { color: 'red' } });
      await load({ properties: { color: 'red' }, priority: 7, timeLimitMs: 9 });
      await load({ properties: { color: 'blue' } });
      await load({ enable: false });
      console.log(JSON.stringify(said));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, JSON.stringify(settingsOf(module))]);
    expect(JSON.parse(stdout)).toEqual(['setClaims', 'made 1red', 'deleteUser', 'deleteUser', 'made 2blue', 'stopped 1red', 'deleteUser', 'stopped 2blue', '']);
  });

  it('leaves what nobody catches to itself: the process is told whose it is, and of nothing that is not (S44)', async () => {
    const strays = `Promise.reject(new Error('rejected')); setTimeout(() => { throw new Error('thrown'); }); (async () => { await null; throw new Error('later'); })();`;
    const module = await aModule(`${strays.replaceAll("('", "('loading: ")} export default { pre: { authenticate() { ${strays} return { kind: 'continue' }; } } }`);
    const script = `
      import { thirdPartyListener } from ${built('third-party-listener')};
      import { isStray } from ${built('guest')};
      const [settings, kim] = process.argv.slice(1).map((text) => JSON.parse(text));
      const said = [];
      const log = { child: () => log, error: ({ listener, err }) => said.push(listener + ' ' + err.message) };
      const hear = (thrown) => isStray(thrown, log) || said.push('ours ' + thrown.message);
      process.on('unhandledRejection', hear);
      process.on('uncaughtException', hear);
      process.on('exit', () => console.log(JSON.stringify(said.sort())));
      const { pre } = await thirdPartyListener(settings, log);
      pre.authenticate({ user: kim, exists: true, authenticated: false });
      Promise.reject(new Error('rejected'));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, JSON.stringify(settingsOf(module)), JSON.stringify(kim)]);
    expect(JSON.parse(stdout)).toEqual(['ours rejected', ...['later', 'loading: later', 'loading: rejected', 'loading: thrown', 'rejected', 'thrown'].map((what) => `theirs ${what}`)]);
  });
});
