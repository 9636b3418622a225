import path from 'node:path';
import { faultOf, load } from '../testing/deployment-texts.ts';

const listener = (more: string) => `[[event_listener]]\nid = "curfew"\norder = 60\n${more}`;
const handler = (more: string) => `[[event_handler]]\nname = "siem"\n${more}`;

describe('a listener of a third party', () => {
  it('is read with its own order and module, and careful defaults', () => {
    expect(load(listener('module = "@example/curfew"')).config.customListeners).toEqual([
      { name: 'curfew', module: '@example/curfew', priority: 60, enable: true, timeLimitMs: 2_000, onFailure: 'refuse', properties: {} },
    ]);
  });

  it('may say more of itself', () => {
    const toml = listener('module = "curfew"\nenable = "false"\ntime_limit = "5s"\non_failure = "continue"\n[event_listener.properties]\nfrom = "22:00"\nhours = 8\nstrict = true');
    expect(load(toml).config.customListeners).toMatchObject([{ enable: false, timeLimitMs: 5_000, onFailure: 'continue', properties: { from: '22:00', hours: '8', strict: 'true' } }]);
  });

  it.each(['./package.json', `../${path.basename(path.resolve())}/package.json`, path.resolve('package.json')])('has the path %s relative to the file that names it', (module) => {
    expect(load(listener(`module = "${module}"`)).config.customListeners[0]?.module).toBe(path.resolve(module));
  });

  it('need not be there while it is off', () => {
    expect(load(listener('module = "./nowhere.mjs"\nenable = false')).config.customListeners[0]).toMatchObject({ module: path.resolve('nowhere.mjs'), enable: false });
  });

  it.each([
    ['module = "a"', 'deployment.toml:1:1: event_listener[0].order: expected a whole number from 0 to 100000, got nothing'],
    ['order = "soon"', 'deployment.toml:3:1: event_listener[0].order: expected a whole number from 0 to 100000, got "soon"'],
    ['module = 5', 'deployment.toml:3:1: event_listener[0].module: expected the path or package name of a module, got 5'],
    ['time_limit = "0s"', 'deployment.toml:3:1: event_listener[0].time_limit: expected a duration from "1s" to "30s", got "0s"'],
    ['on_failure = "ignore"', 'deployment.toml:3:1: event_listener[0].on_failure: expected "refuse" or "continue", got a text'],
    ['module = "./nowhere.mjs"', `deployment.toml:3:1: event_listener[0].module: there is no file ${path.resolve('nowhere.mjs')}`],
    ['modul = "./curfew.js"', 'deployment.toml:3:1: event_listener[0].modul: there is no such key; did you mean event_listener[0].module?'],
    ['properties = { a = { b = 1 } }', 'deployment.toml:3:1: event_listener[0].properties.a: expected a text, a number or true or false, got a table'],
  ])('is refused with its place where it says %s', (line, message) => {
    const order = /^(?:order|module = "a")/.test(line) ? '' : 'order = 60\n';
    expect(faultOf(`[[event_listener]]\nid = "curfew"\n${line}\n${order}`)).toBe(message);
  });
});

describe('the priorities of listeners (S44)', () => {
  it.each([
    ['a listener of a third party and one by default', `${listener('module = "a"\n')}[event.default_listener.identity_mgt]\npriority = "60"`, 'deployment.toml:3:1: event_listener[0].order: 60 is the priority of identity_mgt too: give each listener its own'],
    ['one that the file does not mention', listener('module = "a"').replace('60', '97'), 'deployment.toml:3:1: event_listener[0].order: 97 is the priority of governance_identity_store too: give each listener its own'],
    ['one that is off', listener('module = "a"\nenable = false').replace('60', '50'), 'deployment.toml:3:1: event_listener[0].order: 50 is the priority of identity_mgt too: give each listener its own'],
    ['two of third parties', `${listener('module = "a"\n')}\n[[event_listener]]\nid = "siem"\nmodule = "b"\n  order = "60"`, 'deployment.toml:9:3: event_listener[1].order: 60 is the priority of curfew too: give each listener its own'],
  ])('are refused with both names where they are equal: %s', (_who, toml, message) => {
    expect(faultOf(toml)).toBe(message);
  });

  it('may be equal to that of a Java class, which is never called', () => {
    expect(load(listener('').replace('60', '95')).config.customListeners).toEqual([]);
  });
});

describe('the names of listeners and handlers', () => {
  const siem = handler('module = "a"\nsubscriptions = ["PRE_ADD_USER"]');

  it.each([
    [`${listener('module = "a"')}\n[[event_listener]]\nid = "curfew"\norder = 61\nmodule = "b"`, 'deployment.toml:6:1: event_listener[1].id: another listener is called "curfew" already: give each a name of its own'],
    ['[[event_listener]]\nid = "identity_mgt"\norder = 61\nmodule = "b"', 'deployment.toml:2:1: event_listener[0].id: another listener is called "identity_mgt" already: give each a name of its own'],
    [`${siem}\n${siem}`, 'deployment.toml:6:1: event_handler[1].name: another handler is called "siem" already: give each a name of its own'],
    ['[[event_handler]]\nname = "audit"\nmodule = "./own.js"', 'deployment.toml:3:1: event_handler[0].module: audit is a handler of Rekey\'s own: give yours another name'],
  ])('are refused where one has two: %j', (toml, message) => {
    expect(faultOf(toml)).toBe(message);
  });
});

describe('an identity event handler', () => {
  it('of a third party names the events it is told, and runs behind the built-in ones', () => {
    expect(load(handler('module = "@example/siem"\nsubscriptions = ["PRE_AUTHENTICATION", "POST_UPDATE_CREDENTIAL_BY_ADMIN"]')).config.customHandlers).toEqual([
      { name: 'siem', module: '@example/siem', priority: 200, enable: true, subscriptions: ['PRE_AUTHENTICATION', 'POST_UPDATE_CREDENTIAL_BY_ADMIN'], timeLimitMs: 2_000, onFailure: 'refuse', properties: {} },
    ]);
  });

  it('of Rekey\'s own has the priority and flag that the file gives it', () => {
    expect(load('[[event_handler]]\nname = "passwordHistory"\npriority = 7\n[[event_handler]]\nname = "emailSend"\nenable = false').config.handlers).toEqual({
      passwordHistory: { priority: 7, enable: true },
      emailSend: { priority: null, enable: false },
    });
  });

  it.each([
    ['module = "a"', 'deployment.toml:1:1: event_handler[0].subscriptions: expected at least one identity event, such as "PRE_AUTHENTICATION"'],
    ['module = "a"\nsubscriptions = ["SIGN_IN"]', 'deployment.toml:4:1: event_handler[0].subscriptions[0]: expected an identity event such as "PRE_AUTHENTICATION", got "SIGN_IN"'],
    ['module = "a"\nsubscriptions = ["PRE_ADD_USER", "PRE_AUTHENTICATON"]', 'deployment.toml:4:1: event_handler[0].subscriptions[1]: expected an identity event such as "PRE_AUTHENTICATION", got "PRE_AUTHENTICATON"'],
    ['module = "a"\nsubscriptions = ["POST_SET_USER_CLAIM"]', 'deployment.toml:4:1: event_handler[0].subscriptions[0]: expected an identity event such as "POST_SET_USER_CLAIMS", got "POST_SET_USER_CLAIM"'],
    ['module = "./nowhere.mjs"\nsubscriptions = ["PRE_ADD_USER"]', `deployment.toml:3:1: event_handler[0].module: there is no file ${path.resolve('nowhere.mjs')}`],
    ['module = "a"\nsubscriptions = "PRE_AUTHENTICATION"', 'deployment.toml:4:1: event_handler[0].subscriptions: expected a list of identity events, got a text'],
  ])('of a third party is refused with %j', (more, message) => {
    expect(faultOf(handler(more))).toBe(message);
  });
});

describe('a handler that stands in no order', () => {
  it.each(['emailSend', 'audit'])('takes no priority: %s', (name) => {
    expect(faultOf(`[[event_handler]]\nname = "${name}"\npriority = 5`)).toBe(`deployment.toml:3:1: event_handler[0].priority: ${name} stands in no order: its enable alone counts`);
  });
});

describe('Java classes of WSO2 Identity Server', () => {
  it('are named in one warning, and called by nobody', () => {
    const { config, warnings } = load(`
[[event_listener]]
id = "custom_user_operation_event_listener"
type = "org.wso2.carbon.user.core.listener.UserOperationEventListener"
name = "org.example.CustomListener"
order = "3"
[event_listener.properties]
Sample = "value"

[[event_handler]]
name = "customEvent"
subscriptions = ["CUSTOM_EVENT"]

[[event_handler]]
name = "audit"
`);
    expect(warnings).toEqual(['event_listener "custom_user_operation_event_listener", event_handler "customEvent": these have no "module", so they name Java classes, which Rekey cannot call']);
    expect([config.customListeners, config.customHandlers, Object.keys(config.handlers)]).toEqual([[], [], ['audit']]);
  });

  it('may have one id several times, and no order', () => {
    const java = '[[event_listener]]\nid = "user_operation"\ntype = "org.wso2.carbon.user.core.listener.UserOperationEventListener"\nname = "org.example.';
    const handlers = '[[event_handler]]\nname = "custom"\n[[event_handler]]\nname = "custom"\n';
    const { config, warnings } = load(`${java}One"\n${java}Two"\norder = 60\n${handlers}${listener('module = "a"').replace('curfew', 'user_operation')}`);
    expect(warnings).toEqual([expect.stringMatching(/^event_listener "user_operation", event_listener "user_operation", event_handler "custom", event_handler "custom": these have no "module"/)]);
    expect(config.customListeners.map(({ name }) => name)).toEqual(['user_operation']);
  });
});

describe('two listeners of one priority', () => {
  it('are refused with both names', () => {
    expect(faultOf('[event.default_listener.identity_mgt]\npriority = "60"\n[event.default_listener.governance_identity_store]\npriority = 60')).toBe(
      'deployment.toml:4:1: event.default_listener.governance_identity_store.priority: 60 is the priority of identity_mgt too: give each listener its own',
    );
  });

  it('are refused where the file writes it, also when the other has it by default or is off', () => {
    expect(faultOf('[event.default_listener.identity_mgt]\nenable = false\npriority = 95')).toBe(
      'deployment.toml:3:1: event.default_listener.identity_mgt.priority: 95 is the priority of governance_identity_mgt too: give each listener its own',
    );
  });
});
