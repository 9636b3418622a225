import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import type { CustomHandlerSettings } from '@rekey/deployment-config';
import { createLogger } from '@rekey/observability';
import { ListenerChain } from '../chain/listener-chain.ts';
import { governanceIdentityMgtListener } from '../listener/governance-identity-mgt.listener.ts';
import { thirdPartyHandler } from './third-party-handler.ts';

const kim = { id: '5c0ffee0-0000-4000-8000-000000000001', username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' } as const;
const log = createLogger('test', { level: 'silent' });
afterEach(() => jest.restoreAllMocks());

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'rekey-handler-'))));
afterAll(() => rm(folder, { recursive: true }));

let written = 0;
/** @param body of its `handle(event)` */
async function aHandler(body: string, more: Partial<CustomHandlerSettings> = {}) {
  const module = path.join(folder, `handler-${++written}.mjs`);
  await writeFile(module, `export default { handle(event) { ${body} } }`);
  return thirdPartyHandler({ name: 'theirs', module, priority: 200, enable: true, timeLimitMs: 30, onFailure: 'refuse', properties: {}, subscriptions: ['PRE_DELETE_USER'], ...more }, log);
}

function chainWith(handler: Awaited<ReturnType<typeof aHandler>>): ListenerChain {
  return new ListenerChain([governanceIdentityMgtListener([handler], log)], { governance_identity_mgt: { priority: 1, enable: true } }, log);
}

/** What becomes of a deletion with this handler subscribed. */
async function deletionWith(handler: Awaited<ReturnType<typeof aHandler>>) {
  return chainWith(handler).around('deleteUser', { user: kim }, async () => Promise.resolve({ result: 'done', performed: null }));
}

describe('a handler of a third party', () => {
  it('is told of the event by its name, without anything it could change or call', async () => {
    const handler = await aHandler(`return { kind: 'refuse', code: 'TOLD', message: JSON.stringify(event) + Object.isFrozen(event) };`);
    expect(await deletionWith(handler)).toMatchObject({ refusal: { code: 'TOLD', message: `${JSON.stringify({ name: 'PRE_DELETE_USER', operation: 'deleteUser', hook: 'pre', dryRun: false, user: kim })}true` } });
  });

  it('hears only of what it subscribes to', async () => {
    const handler = await aHandler(`return { kind: 'refuse', code: 'TOLD', message: 'no' };`, { subscriptions: ['POST_AUTHENTICATION'] });
    expect(await deletionWith(handler)).toMatchObject({ kind: 'performed' });
  });

  const ways = ['throw new Error("out of order")', 'return new Promise(() => {})', 'return true', 'return', `return { kind: 'continue', claims: {} }`];

  it.each(ways)('refuses where it fails: %s (S44, F47)', async (body) => {
    expect(await deletionWith(await aHandler(body))).toMatchObject({ kind: 'refused', refusal: { code: body.includes('Promise') ? 'RKY-10007' : '18013' } });
  });

  it.each(ways)('lets the operation go on where it fails and is configured to, and the log names it: %s (S44, F47)', async (body) => {
    const errors = jest.spyOn(log, 'error');
    expect(await deletionWith(await aHandler(body, { onFailure: 'continue' }))).toMatchObject({ kind: 'performed' });
    expect(errors).toHaveBeenCalledWith(expect.objectContaining({ handler: 'theirs', event: 'PRE_DELETE_USER' }), expect.any(String));
  });

  it.each<[string, Partial<CustomHandlerSettings>, readonly string[]]>([
    [`throw new Error('out of order')`, { onFailure: 'continue' }, ['governance_identity_mgt/theirs failed', 'governance_identity_mgt continue']],
    [`throw new Error('out of order')`, {}, ['governance_identity_mgt/theirs 18013', 'governance_identity_mgt 18013']],
    [`return { kind: 'refuse', code: 'CLOSED', message: 'Closed.' }`, {}, ['governance_identity_mgt/theirs CLOSED', 'governance_identity_mgt CLOSED']],
    [`return { kind: 'continue' }`, {}, ['governance_identity_mgt continue']],
  ])('leaves a step of its own in the trace where it refuses or fails: %s', async (body, more, steps) => {
    const chain = chainWith(await aHandler(body, more));
    await chain.around('deleteUser', { user: kim }, async () => Promise.resolve({ result: 'done', performed: null }));
    expect(chain.traces.latest().at(-1)?.steps.map(({ listener, verdict }) => `${listener} ${verdict}`)).toEqual(steps);
  });

  it('must subscribe to events that there are, and is refused in one line that names them', async () => {
    await expect(aHandler('', { subscriptions: ['PRE_SIGN_IN'] })).rejects.toThrow(/^\[\[event_handler\]\] "theirs": no identity event is called PRE_SIGN_IN: expected PRE_AUTHENTICATION, .*POST_GET_USER_LIST$/);
  });

  it('must have a function of that name', async () => {
    const module = path.join(folder, 'no-handler.mjs');
    await writeFile(module, `export default { handles() {} }`);
    await expect(aHandler('', { module })).rejects.toThrow(/\[\[event_handler\]\] "theirs".*no-handler\.mjs.*expected a default export of \{ handle\(event\)/);
  });

  it('is not even loaded while it is disabled', async () => {
    expect(await aHandler('', { module: '/nowhere/handler.mjs', enable: false })).toMatchObject({ name: 'theirs', enable: false });
  });
});
