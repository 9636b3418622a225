import { jest } from '@jest/globals';
import fc from 'fast-check';
import { HashQueueFullError } from '@rekey/identity';
import { createLogger, type Logger } from '@rekey/observability';
import { claimsChange } from './claims-change.ts';
import { ListenerChain } from './listener-chain.ts';
import type { ListenerSettings } from './listener-order.ts';
import type { OperationTrace } from './operation-trace.ts';
import { isUnavailable } from './unavailable.ts';
import { operationNames, proceed, type OperationName, type Refusal, type UserOperationListener, type UserOperations, type Verdict } from './user-operation.ts';

const kim = { id: '5c0ffee0-0000-4000-8000-000000000001', tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'kim' } as const;
const no: Refusal = { kind: 'refuse', code: '17003', message: 'no' };
const noTransaction = { query: async () => Promise.reject(new Error('this test has no database')) };

/** Keeps what is logged. */
function aLog(): { log: Logger; entries: { level: 'warn' | 'error'; message: string; fields: Record<string, unknown> }[] } {
  const entries: { level: 'warn' | 'error'; message: string; fields: Record<string, unknown> }[] = [];
  const log = createLogger('test', { level: 'silent' });
  for (const level of ['warn', 'error'] as const) {
    log[level] = (first: unknown, message?: string) => entries.push(typeof first === 'string' ? { level, message: first, fields: {} } : { level, message: message ?? '', fields: first as Record<string, unknown> });
  }
  return { log, entries };
}

const { log: quiet } = aLog();
const on = (priority: number): ListenerSettings => ({ priority, enable: true });
const off = (priority: number): ListenerSettings => ({ priority, enable: false });

const operations: UserOperations = {
  authenticate: { user: kim, exists: true, authenticated: true },
  addUser: { name: kim, password: 'correct horse', claims: {}, user: kim },
  updateCredential: { user: kim, password: 'correct horse', proved: true },
  updateCredentialByAdmin: { user: kim, password: 'correct horse' },
  setClaims: { user: kim, claims: {} },
  getClaims: { user: kim, asked: null, wanted: null, claims: {} },
  deleteUser: { user: kim },
  listUsers: { tenantDomain: 'carbon.super', realm: 'PRIMARY', after: null, limit: 10, users: [] },
};

/** Says of every hook when it is called, and answers what it is told to. */
function aListener(name: string, called: string[], answers: { pre?: unknown; within?: 'throw'; post?: unknown } = {}): UserOperationListener {
  const hooks = (phase: 'pre' | 'post') =>
    Object.fromEntries(
      operationNames.map((operation) => [
        operation,
        () => {
          called.push(`${phase} ${name}`);
          const answer = answers[phase] ?? proceed;
          return (typeof answer === 'function' ? answer() : answer) as Verdict;
        },
      ]),
    );
  const within = Object.fromEntries(
    operationNames.map((operation) => [
      operation,
      async () => {
        called.push(`within ${name}`);
        if (answers.within) throw new Error('a constraint');
        return Promise.resolve();
      },
    ]),
  );
  return { name, pre: hooks('pre'), within, post: hooks('post') };
}

/** Runs an operation whose own work is to say that it was done. */
async function run<Name extends OperationName>(chain: ListenerChain, name: Name, called: string[], operation: UserOperations[Name] = operations[name]) {
  return chain.around(name, operation, async (within) => {
    called.push('store');
    if (!['authenticate', 'getClaims', 'listUsers'].includes(name)) await within(noTransaction);
    return { result: 'done', performed: operation };
  });
}

const last = (chain: ListenerChain): OperationTrace => {
  const trace = chain.traces.latest().at(-1);
  if (!trace) throw new Error('no trace was left');
  return trace;
};

describe('the order of listeners', () => {
  it('is that of their priorities, in pre, within and post alike, however they are listed', async () => {
    const called: string[] = [];
    const chain = new ListenerChain([aListener('c', called), aListener('a', called), aListener('b', called)], { a: on(9), b: on(50), c: on(100) }, quiet);
    expect(chain.names()).toEqual(['a', 'b', 'c']);
    await run(chain, 'setClaims', called);
    expect(called).toEqual(['pre a', 'pre b', 'pre c', 'store', 'within a', 'within b', 'within c', 'post a', 'post b', 'post c']);
  });

  it('has no place for two with one priority, enabled or not: both are named', () => {
    const listeners = [aListener('a', []), aListener('b', []), aListener('c', [])];
    expect(() => new ListenerChain(listeners, { a: on(1), b: on(95), c: on(95) }, quiet)).toThrow(/\bb\b.*\bc\b.*95/);
    expect(() => new ListenerChain(listeners, { a: on(1), b: on(95), c: off(95) }, quiet)).toThrow(/\bb\b.*\bc\b.*95/);
    expect(() => new ListenerChain(listeners, { a: on(1), b: off(95), c: off(95) }, quiet)).toThrow(/\bb\b.*\bc\b.*95/);
  });

  it('has no place for what is configured but not there, nor for what is there but not configured', () => {
    expect(() => new ListenerChain([aListener('a', [])], { a: on(1), gone: on(2) }, quiet)).toThrow(/gone.*does not exist/);
    expect(() => new ListenerChain([aListener('toString', [])], {}, quiet)).toThrow(/toString/);
    expect(() => new ListenerChain([aListener('a', [])], { a: on(NaN) }, quiet)).toThrow(/priority of a/);
  });

  it('keeps a listener’s own `this`', async () => {
    class Counter implements UserOperationListener {
      readonly name = 'counter';
      seen = 0;
      readonly pre = new (class {
        constructor(private readonly counter: { seen: number }) {}
        deleteUser(): Verdict {
          this.counter.seen++;
          return proceed;
        }
      })(this);
    }
    const counter = new Counter();
    await run(new ListenerChain([counter], { counter: on(1) }, quiet), 'deleteUser', []);
    expect(counter.seen).toBe(1);
  });
});

describe('both identity managers', () => {
  const both = [aListener('identity_mgt', []), aListener('governance_identity_mgt', [])];

  it('enabled, make one warning that names both', () => {
    const { log, entries } = aLog();
    new ListenerChain(both, { identity_mgt: on(50), governance_identity_mgt: on(95) }, log);
    expect(entries.map(({ level, message }) => [level, message])).toEqual([['warn', expect.stringMatching(/identity_mgt and governance_identity_mgt/)]]);
  });

  it('make none where one is off', () => {
    const { log, entries } = aLog();
    new ListenerChain(both, { identity_mgt: off(50), governance_identity_mgt: on(95) }, log);
    expect(entries).toEqual([]);
  });
});

describe('a pre hook that refuses', () => {
  it('is the last that is called: nothing is done, and no post hook hears of it', async () => {
    const called: string[] = [];
    const chain = new ListenerChain([aListener('a', called), aListener('b', called, { pre: no }), aListener('c', called)], { a: on(1), b: on(2), c: on(3) }, quiet);
    expect(await run(chain, 'updateCredentialByAdmin', called)).toEqual({ kind: 'refused', refusal: no });
    expect(called).toEqual(['pre a', 'pre b']);
  });

  it.each<[string, unknown]>([
    ['throws', () => { throw new Error('out of order'); }],
    ['rejects', async () => Promise.reject(new Error('out of order'))],
    ['answers nothing', () => undefined],
    ['answers nothing, later', async () => Promise.resolve(undefined)],
    ['answers true', () => true],
    ['answers true, later', async () => Promise.resolve(true)],
    ['answers a kind that does not exist', { kind: 'allow' }],
    ['refuses without a code', { kind: 'refuse' }],
    ['answers a promise of another library', () => ({ then: (resolve: (answer: unknown) => void) => resolve({ kind: 'allow' }) })],
  ])('is also one that %s: code 18013, logged with its name', async (_, pre) => {
    const { log, entries } = aLog();
    const called: string[] = [];
    const chain = new ListenerChain([aListener('broken', called, { pre })], { broken: on(1) }, log, { hookLimitMs: 20 });
    expect(await run(chain, 'authenticate', called)).toMatchObject({ kind: 'refused', refusal: { code: '18013' } });
    expect(called).toEqual(['pre broken']);
    expect(entries).toMatchObject([{ level: 'error', fields: { listener: 'broken', hook: 'pre authenticate' } }]);
    expect(last(chain).steps).toMatchObject([{ listener: 'broken', hook: 'pre', verdict: '18013' }]);
  });

  it.each<[string, unknown]>([
    ['never answers', async () => new Promise(() => undefined)],
    ['finds the database away', async () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))],
    ['finds too many passwords waiting', async () => Promise.reject(new HashQueueFullError(64))],
  ])('is also one that %s: RKY-10007, for it may answer when it is asked again', async (_, pre) => {
    const { log, entries } = aLog();
    const chain = new ListenerChain([aListener('away', [], { pre })], { away: on(1) }, log, { hookLimitMs: 20 });
    expect(await run(chain, 'addUser', [])).toMatchObject({ kind: 'refused', refusal: { code: 'RKY-10007' } });
    expect(entries).toMatchObject([{ level: 'error', fields: { listener: 'away', hook: 'pre addUser' } }]);
    expect(last(chain).steps).toMatchObject([{ listener: 'away', hook: 'pre', verdict: 'RKY-10007' }]);
  });

  it('may take its time up to the limit', async () => {
    const called: string[] = [];
    const chain = new ListenerChain([aListener('slow', called, { pre: async () => new Promise((resolve) => setImmediate(() => resolve(no))) })], { slow: on(1) }, quiet);
    expect(await run(chain, 'setClaims', called)).toEqual({ kind: 'refused', refusal: no });
  });

  it('has next to all of it left when its machine has stood still for longer', async () => {
    const answersAfterwards = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const wakesAt = performance.now() + 60; performance.now() < wakesAt; );
      return new Promise((resolve) => setTimeout(() => resolve(no), 1));
    };
    const chain = new ListenerChain([aListener('slow', [], { pre: answersAfterwards })], { slow: on(1) }, quiet, { hookLimitMs: 50 });
    expect(await run(chain, 'setClaims', [])).toEqual({ kind: 'refused', refusal: no });
  });
});

describe('a hook that fails, of a listener that is to let operations go on', () => {
  const lenient: ListenerSettings = { priority: 1, enable: true, timeLimitMs: 20, onFailure: 'continue' };

  it.each<[string, unknown]>([
    ['throws', () => { throw new Error('out of order'); }],
    ['answers nothing', () => undefined],
    ['never answers', async () => new Promise(() => undefined)],
  ])('and that %s, keeps nobody waiting: the rest happens, and the trace says that it failed (F47)', async (_, answer) => {
    const { log, entries } = aLog();
    const called: string[] = [];
    const chain = new ListenerChain([aListener('broken', called, { pre: answer, post: answer }), aListener('next', called)], { broken: lenient, next: on(2) }, log);
    expect(await run(chain, 'authenticate', called)).toEqual({ kind: 'performed', result: 'done', objection: null });
    expect(called).toEqual(['pre broken', 'pre next', 'store', 'post broken', 'post next']);
    expect(last(chain).steps.map(({ hook, listener, verdict }) => `${hook} ${listener} ${verdict}`)).toEqual(['pre broken failed', 'pre next continue', 'post broken failed', 'post next continue']);
    expect(entries.map(({ level, fields }) => [level, fields['listener']])).toEqual([['error', 'broken'], ['error', 'broken']]);
  });

  it('still refuses where that is its answer', async () => {
    const chain = new ListenerChain([aListener('strict', [], { pre: no })], { strict: lenient }, quiet);
    expect(await run(chain, 'authenticate', [])).toEqual({ kind: 'refused', refusal: no });
  });
});

describe('hooks that call operations', () => {
  it('in a circle are stopped: the operation is refused (F47)', async () => {
    let called = 0;
    const circular: UserOperationListener = {
      name: 'circular',
      pre: {
        getClaims: async () => {
          called++;
          await Promise.resolve();
          const outcome = await run(chain, 'getClaims', []);
          return outcome.kind === 'refused' ? outcome.refusal : proceed;
        },
      },
    };
    const chain: ListenerChain = new ListenerChain([circular], { circular: on(1) }, quiet);
    expect(await run(chain, 'getClaims', [])).toMatchObject({ kind: 'refused', refusal: { code: '18013' } });
    expect(called).toBe(4);
  });

  it('have their own time for their own work: another listener that is slow in what they call does not use it up (F47)', async () => {
    const reads: UserOperationListener = { name: 'reads', pre: { authenticate: async () => (await run(chain, 'getClaims', []), await run(chain, 'getClaims', []), proceed) } };
    const hangs: UserOperationListener = { name: 'hangs', pre: { getClaims: async () => new Promise(() => undefined) } };
    const chain: ListenerChain = new ListenerChain([reads, hangs], { reads: { ...on(1), timeLimitMs: 50 }, hangs: { ...on(2), timeLimitMs: 40, onFailure: 'continue' } }, quiet);
    expect(await run(chain, 'authenticate', [])).toMatchObject({ kind: 'performed', objection: null });
  });

  it('and then hang themselves are not waited for', async () => {
    const hangs: UserOperationListener = { name: 'hangs', pre: { authenticate: async () => (await run(chain, 'getClaims', []), new Promise(() => undefined)) } };
    const chain: ListenerChain = new ListenerChain([hangs], { hangs: { ...on(1), timeLimitMs: 20 } }, quiet);
    expect(await run(chain, 'authenticate', [])).toMatchObject({ refusal: { code: 'RKY-10007' } });
  });
});

describe('a pre hook that answers other claims', () => {
  it('decides what later listeners and the user store see', async () => {
    const seen: unknown[] = [];
    const operation = { user: kim, claims: { a: '1' } };
    const changes: UserOperationListener = { name: 'changes', pre: { setClaims: ({ claims }) => ({ kind: 'continue', claims: { ...claims, b: '2' } }) } };
    const sees: UserOperationListener = { name: 'sees', pre: { setClaims: ({ claims }) => (seen.push(claims), proceed) } };
    await run(new ListenerChain([changes, sees], { changes: on(1), sees: on(2) }, quiet), 'setClaims', [], operation);
    expect([...seen, operation.claims]).toEqual([{ a: '1', b: '2' }, { a: '1', b: '2' }]);
  });

  it('cannot touch those that a listener before it keeps elsewhere, blanks in their place neither', async () => {
    const operation: UserOperations['setClaims'] = { user: kim, claims: { a: '1', secret: '2' } };
    const keeps: UserOperationListener = {
      name: 'keeps',
      pre: {
        setClaims(seen) {
          seen.apart = { claims: { secret: '2' }, keeps: (uri) => uri.startsWith('secret') };
          seen.claims = { a: '1', secret: '' };
          return proceed;
        },
      },
    };
    const changes: UserOperationListener = { name: 'changes', pre: { setClaims: () => ({ kind: 'continue', claims: { b: '3', secret: '4', secrets: '5' } }) } };
    const chain = new ListenerChain([keeps, changes], { keeps: on(1), changes: on(2) }, quiet);
    await run(chain, 'setClaims', [], operation);
    expect(operation.claims).toEqual({ b: '3', secret: '' });
    expect(claimsChange(operation)).toEqual({ b: '3', secret: '2' });
    expect(last(chain).claims).toEqual(['secret', 'b']);
  });

  it('comes too late once its time is over', async () => {
    let answer = (_: Verdict): void => undefined;
    const operation = { user: kim, claims: { a: '1' } };
    const late: UserOperationListener = { name: 'late', pre: { setClaims: async () => new Promise<Verdict>((resolve) => (answer = resolve)) } };
    await run(new ListenerChain([late], { late: { ...on(1), timeLimitMs: 5, onFailure: 'continue' } }, quiet), 'setClaims', [], operation);
    answer({ kind: 'continue', claims: {} });
    await new Promise((resolve) => setImmediate(resolve));
    expect(operation.claims).toEqual({ a: '1' });
  });
});

describe('a rehearsal', () => {
  it('asks the pre hooks in order up to the first that refuses, does nothing and leaves no trace', async () => {
    const called: string[] = [];
    const chain = new ListenerChain([aListener('a', called), aListener('b', called, { pre: no }), aListener('c', called)], { a: on(1), b: on(2), c: on(3) }, quiet);
    const { refusal, steps } = await chain.rehearse('deleteUser', { user: kim, dryRun: true });
    expect({ refusal, steps }).toMatchObject({ refusal: no, steps: [{ listener: 'a', verdict: 'continue' }, { listener: 'b', verdict: '17003' }] });
    expect(called).toEqual(['pre a', 'pre b']);
    expect(chain.traces.latest()).toEqual([]);
  });

  it('is one to the hooks of what its hooks read, too, and that leaves no trace either', async () => {
    const seen: unknown[] = [];
    const reads: UserOperationListener = { name: 'reads', pre: { authenticate: async () => (await run(chain, 'getClaims', [], { ...operations.getClaims }), proceed) } };
    const watches: UserOperationListener = { name: 'watches', pre: { getClaims: ({ dryRun }) => (seen.push(dryRun), no) } };
    const onTrace = jest.fn();
    const chain: ListenerChain = new ListenerChain([reads, watches], { reads: on(1), watches: on(2) }, quiet, { onTrace });
    await chain.rehearse('authenticate', { ...operations.authenticate, dryRun: true });
    expect(seen).toEqual([true]);
    expect([chain.traces.latest(), onTrace.mock.calls]).toEqual([[], []]);
    await run(chain, 'authenticate', []);
    expect(seen).toEqual([true, undefined]);
  });
});

describe('a within hook that throws', () => {
  it('fails the operation, which can then roll back; no post hook hears of it, and the trace names it', async () => {
    const called: string[] = [];
    const chain = new ListenerChain([aListener('a', called, { within: 'throw' }), aListener('b', called)], { a: on(1), b: on(2) }, quiet);
    await expect(run(chain, 'addUser', called)).rejects.toThrow('a constraint');
    expect(called).toEqual(['pre a', 'pre b', 'store', 'within a']);
    expect(last(chain).steps.at(-1)).toMatchObject({ listener: 'a', hook: 'within', verdict: '18013' });
  });

  it('because it has no time is no fault of its own: the operation may succeed when it is asked for again', async () => {
    const slow: UserOperationListener = { name: 'slow', within: { addUser: async () => new Promise(() => undefined) } };
    const chain = new ListenerChain([slow], { slow: on(1) }, quiet, { hookLimitMs: 20 });
    expect(isUnavailable(await run(chain, 'addUser', []).catch((error: unknown) => error))).toBe(true);
    expect(last(chain).steps.at(-1)).toMatchObject({ listener: 'slow', hook: 'within', verdict: 'RKY-10007' });
  });
});

describe('a post hook that refuses', () => {
  it('undoes nothing and keeps nobody else from hearing of it', async () => {
    const { log, entries } = aLog();
    const called: string[] = [];
    const chain = new ListenerChain([aListener('a', called, { post: no }), aListener('b', called, { post: { ...no, code: '17004' } })], { a: on(1), b: on(2) }, log);
    expect(await run(chain, 'addUser', called)).toEqual({ kind: 'performed', result: 'done', objection: no });
    expect(called).toEqual(['pre a', 'pre b', 'store', 'within a', 'within b', 'post a', 'post b']);
    expect(entries).toMatchObject([{ level: 'warn', fields: { listener: 'a' } }, { level: 'warn', fields: { listener: 'b' } }]);
  });

  it('turns a true authentication into a false one, and later listeners see that', async () => {
    const seen: boolean[] = [];
    const watcher = (name: string, answer: Verdict): UserOperationListener => ({ name, post: { authenticate: ({ authenticated }) => (seen.push(authenticated), answer) } });
    const chain = new ListenerChain([watcher('a', proceed), watcher('b', no), watcher('c', proceed)], { a: on(1), b: on(2), c: on(3) }, quiet);
    expect(await run(chain, 'authenticate', [])).toMatchObject({ objection: no });
    expect(seen).toEqual([true, true, false]);
  });

  it('is not asked where nothing was performed', async () => {
    const called: string[] = [];
    const chain = new ListenerChain([aListener('a', called)], { a: on(1) }, quiet);
    await chain.around('updateCredentialByAdmin', operations.updateCredentialByAdmin, async () => Promise.resolve({ result: 'not done', performed: null }));
    expect(called).toEqual(['pre a']);
  });
});

describe('a hook that answers at once', () => {
  it('costs no timer; one that promises costs one', async () => {
    const setTimer = jest.spyOn(globalThis, 'setTimeout');
    try {
      const listener = (name: string, hook: () => Verdict | Promise<Verdict>): UserOperationListener => ({ name, pre: { deleteUser: hook }, post: { deleteUser: hook } });
      await run(new ListenerChain([listener('sync', () => proceed)], { sync: on(1) }, quiet), 'deleteUser', []);
      expect(setTimer).toHaveBeenCalledTimes(0);
      await run(new ListenerChain([listener('later', async () => Promise.resolve(proceed))], { later: on(1) }, quiet), 'deleteUser', []);
      expect(setTimer).toHaveBeenCalledTimes(2);
    } finally {
      setTimer.mockRestore();
    }
  });
});

describe('the trace', () => {
  it('has each step of an operation with its verdict and its time', async () => {
    const chain = new ListenerChain([aListener('a', []), aListener('b', [], { post: no })], { a: on(1), b: on(2) }, quiet);
    await run(chain, 'deleteUser', []);
    const { operation, userId, at, steps } = last(chain);
    expect({ operation, userId }).toEqual({ operation: 'deleteUser', userId: kim.id });
    expect(Date.now() - at.getTime()).toBeLessThan(60_000);
    expect(steps.map(({ hook, listener, verdict }) => `${hook} ${listener} ${verdict}`)).toEqual(['pre a continue', 'pre b continue', 'within a continue', 'within b continue', 'post a continue', 'post b 17003']);
    for (const { microseconds } of steps) expect(microseconds).toBeGreaterThanOrEqual(0);
  });

  it('names nobody where nobody has the name', async () => {
    const chain = new ListenerChain([], {}, quiet);
    await run(chain, 'authenticate', [], { user: kim, exists: false, authenticated: false });
    expect(last(chain).userId).toBeNull();
  });

  it('is left by an operation that fails, too', async () => {
    const chain = new ListenerChain([], {}, quiet);
    await expect(chain.around('deleteUser', operations.deleteUser, async () => Promise.reject(new Error('no connection')))).rejects.toThrow('no connection');
    expect(last(chain).operation).toBe('deleteUser');
  });

  it.each<[string, string, Parameters<typeof aListener>[2]]>([
    ['done', 'done', {}],
    ['the code of the refusal', '17003', { pre: no }],
    ['the code of an objection to an authentication', '17003', { post: no }],
  ])('says what came of the operation: %s', async (_, outcome, answers) => {
    const chain = new ListenerChain([aListener('a', [], answers)], { a: on(1) }, quiet);
    await run(chain, 'authenticate', []);
    expect(last(chain)).toMatchObject({ outcome, username: 'kim', tenantDomain: 'carbon.super' });
  });

  it('of a change of claims names the claims, not their values', async () => {
    const chain = new ListenerChain([aListener('a', [])], { a: on(1) }, quiet);
    await run(chain, 'setClaims', [], { user: kim, claims: { color: 'red' } });
    expect(last(chain).claims).toEqual(['color']);
    expect(JSON.stringify(last(chain))).not.toContain('red');
  });

  it('of the last thousand operations is kept, oldest first', async () => {
    const chain = new ListenerChain([], {}, quiet);
    for (let count = 0; count < 1_003; count++) await run(chain, 'deleteUser', [], { user: { ...kim, id: String(count) } });
    const ids = chain.traces.latest().map(({ userId }) => Number(userId));
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 3));
  });

  it('is pushed out by no number of those that only read', async () => {
    const chain = new ListenerChain([], {}, quiet);
    await run(chain, 'deleteUser', []);
    for (let count = 0; count < 1_003; count++) await run(chain, 'getClaims', []);
    await run(chain, 'setClaims', []);
    const operations = chain.traces.latest().map(({ operation }) => operation);
    expect([operations.length, operations[0], operations[1], operations.at(-1)]).toEqual([1_002, 'deleteUser', 'getClaims', 'setClaims']);
    expect(chain.traces.latest({ withReads: false }).map(({ operation }) => operation)).toEqual(['deleteUser', 'setClaims']);
  });
});

describe('any chain', () => {
  type Told = { name: string; priority: number; enable: boolean; listed: number; pre: 'continue' | 'refuse' | 'throw'; post: 'continue' | 'refuse' | 'throw'; later: boolean };
  const answer = fc.constantFrom('continue' as const, 'continue' as const, 'continue' as const, 'refuse' as const, 'throw' as const);
  const told = fc
    .uniqueArray(fc.record({ name: fc.constantFrom('identity_mgt', 'governance_identity_mgt', 'governance_identity_store', 'd', 'e', 'f'), priority: fc.integer({ min: 0, max: 200 }), enable: fc.boolean(), listed: fc.integer(), pre: answer, post: answer, later: fc.boolean() }), {
      maxLength: 6,
      selector: ({ name }) => name,
    })
    .filter((all) => new Set(all.map(({ priority }) => priority)).size === all.length);

  /** What the documentation says, as plainly as it can be said. */
  function model(all: readonly Told[]): { called: string[]; kind: 'refused' | 'performed'; code: string | null } {
    const inOrder = all.filter(({ enable }) => enable).sort((a, b) => a.priority - b.priority);
    const code = (listener: Told, phase: 'pre' | 'post') => ({ continue: null, refuse: `${phase}-${listener.name}`, throw: '18013' })[listener[phase]];
    const called: string[] = [];
    for (const listener of inOrder) {
      called.push(`pre ${listener.name}`);
      if (listener.pre !== 'continue') return { called, kind: 'refused', code: code(listener, 'pre') };
    }
    called.push('store', ...inOrder.map(({ name }) => `post ${name}`));
    const objector = inOrder.find(({ post }) => post !== 'continue');
    return { called, kind: 'performed', code: objector ? code(objector, 'post') : null };
  }

  it('does what a plain model of it does, whatever the flags, the priorities and the answers', async () => {
    await fc.assert(
      fc.asyncProperty(told, fc.constantFrom(...operationNames), async (all, name) => {
        const called: string[] = [];
        const hook = (listener: Told, phase: 'pre' | 'post') => () => {
          called.push(`${phase} ${listener.name}`);
          const decide = (): Verdict => {
            if (listener[phase] === 'throw') throw new Error('out of order');
            return listener[phase] === 'continue' ? proceed : { ...no, code: `${phase}-${listener.name}` };
          };
          return listener.later ? Promise.resolve().then(decide) : decide();
        };
        const listeners = [...all].sort((a, b) => a.listed - b.listed).map((listener): UserOperationListener => ({ name: listener.name, pre: { [name]: hook(listener, 'pre') }, post: { [name]: hook(listener, 'post') } }));
        const chain = new ListenerChain(listeners, Object.fromEntries(all.map(({ name: listener, priority, enable }) => [listener, { priority, enable }])), quiet);
        const outcome = await run(chain, name, called);

        const expected = model(all);
        expect(called).toEqual(expected.called);
        expect(outcome.kind).toBe(expected.kind);
        expect((outcome.kind === 'refused' ? outcome.refusal : outcome.objection)?.code ?? null).toBe(expected.code);
        expect(last(chain).steps.map(({ hook: phase, listener }) => `${phase} ${listener}`)).toEqual(expected.called.filter((step) => step !== 'store'));
      }),
      { numRuns: 400 },
    );
  });
});
