import { randomUUID } from 'node:crypto';
import { deliveryRequest, deliveryRequestType, EventSigner, EventWriter, mailBrand, mailBrandRequest, mailBrandRequestType, mailTemplateRequest, recoveryServiceSource, relayRequest, relayRequestType, suppressionRequest, suppressionRequestType, toStructuredEvent, webhookRequest, webhookRequestType, type DeliveryOutcome, type DeliveryRequest, type MailBrandOutcome, type MailBrandRequest, type MailTemplateOutcome, type MailTemplateRequest, type RelayOutcome, type RelayRequest, type SuppressedAddress, type SuppressionOutcome, type SuppressionRequest, type WebhookOutcome, type WebhookRequest } from '@rekey/events';
import fc from 'fast-check';
import { aDeadEvent, aDelivery, aTimeline } from '../deliveries/testing/a-delivery.ts';
import { bodyOf, started, Steps, type StepBody, type Version } from '../recovery-flow/testing/steps.ts';
import { requestTo, type DrawnRequest } from '../testing/arbitrary-request.ts';
import { operations, type DocumentedOperation } from '../testing/documented.ts';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';
import { postmarkSecret, wellMeantRequestTo, type WellMeantRequest } from '../testing/well-meant-requests.ts';

/** Others draw other requests: `FUZZ_SEED=7 FUZZ_REQUESTS=1000 npm test -- every-operation`. A failure prints both, and the request. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_125);
const requestsPerOperation = Number(process.env['FUZZ_REQUESTS'] ?? 35);
const password = 'a password nobody has guessed';

const enabled = '[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n[identity_mgt.user_self_registration]\nallow_self_registration = true\n[identity_mgt.user_claim_update.email]\nenable_verification = true\n[identity_mgt.password_reset_email.otp]\nsend_otp_in_email = true\n[identity_mgt.password_reset_by_admin]\nenable_emailed_link_based_reset = false\nenable_emailed_otp_based_reset = true\n' + `[[bounce_webhook]]\nname = "postmark"\nprovider = "postmark"\nsecrets = ["${postmarkSecret}"]\n`;
const template = { id: 'en_US', contentType: 'text/plain', subject: 'News', body: 'Dear {{user-name}}', footer: '' };
const version = { version: 1, savedAt: '2026-11-25T09:30:00.000Z', savedBy: 'admin@carbon.super', subject: 'News', current: true };

/** Whoever keeps the templates, the brands and the mails: knows every one, and agrees to everything. */
const keeper = (type: string, asked: unknown) => {
  if (type === deliveryRequestType) return ofMails(deliveryRequest.parse(asked));
  if (type === relayRequestType) return ofRelays(relayRequest.parse(asked));
  if (type === webhookRequestType) return ofWebhooks(webhookRequest.parse(asked));
  if (type === suppressionRequestType) return ofAddresses(suppressionRequest.parse(asked));
  return type === mailBrandRequestType ? ofBrands(mailBrandRequest.parse(asked)) : ofTemplates(mailTemplateRequest.parse(asked));
};

const ofRelays = ({ ask }: RelayRequest): RelayOutcome =>
  ask === 'list'
    ? { kind: 'relays', relays: [{ name: 'main', host: 'relay.example', port: 587, priority: 1, tls: 'starttls', signsIn: true, dkim: false, connections: 20, mailsPerSecond: null, workers: [{ worker: 'host/1', circuit: 'closed', since: version.savedAt, reason: null, nextProbeAt: null, inFlight: 0, sent: 3, failed: 0, meanMs: 12, reportedAt: version.savedAt }] }] }
    : { kind: 'tested', test: { relay: 'main', refusal: null, dialogue: [{ who: 'relay', line: '220 relay.example ESMTP', atMs: 3 }] } };

const ofWebhooks = ({ ask }: WebhookRequest): WebhookOutcome =>
  ask === 'list'
    ? { kind: 'webhooks', webhooks: [{ name: 'crm', host: 'crm.example', events: ['NotificationFailed'], tenants: null, state: 'on', goneSince: null, waiting: 0, oldestWaitingAt: null, lastError: null, lastTakenAt: null, takenInLastHour: 0, givenUpInLastDay: 0 }] }
    : { kind: 'enabled' };

const ofAddresses = ({ ask }: SuppressionRequest): SuppressionOutcome => {
  const address: SuppressedAddress = { id: '0'.repeat(64), address: 'k***@example.com', kind: 'hard', reason: '550', addedBy: 'admin@carbon.super', addedAt: '2026-11-25T10:00:00.000Z' };
  switch (ask) {
    case 'list':
      return { kind: 'page', addresses: [address], next: null };
    case 'remove':
      return { kind: 'removed' };
    case 'bounces':
      return { kind: 'bounced', suppressed: [{ tenantDomain: 'carbon.super', id: address.id }], unknown: 0 };
    default:
      return { kind: 'suppressed', address };
  }
};

const filled = { kind: 'preview', subject: template.subject, html: `<p>${template.body}</p>`, text: template.body } as const;
const ofBrands = ({ ask }: MailBrandRequest): MailBrandOutcome => (ask === 'preview' ? filled : { kind: 'brand', brand: mailBrand.parse({ name: 'Acme' }) });

const ofTemplates = ({ ask }: MailTemplateRequest): MailTemplateOutcome => {
  switch (ask) {
    case 'types':
      return { kind: 'types', displayNames: ['PasswordReset'] };
    case 'type':
      return { kind: 'type', type: { displayName: 'PasswordReset', templates: [template], versions: { en_US: '1' } } };
    case 'versions':
      return { kind: 'versions', versions: [version] };
    case 'version':
      return { kind: 'version', version, template };
    case 'test':
      return { kind: 'test', reference: '7K3M9-QPA2X' };
    case 'preview':
      return filled;
    case 'placeholders':
      return { kind: 'placeholders', placeholders: [{ name: 'user-name', description: 'the username', sample: 'kim' }] };
    default:
      return { kind: 'done' };
  }
};

const ofMails = (request: DeliveryRequest): DeliveryOutcome => {
  switch (request.ask) {
    case 'list':
      return { kind: 'page', deliveries: [aDelivery()], next: null };
    case 'show':
      return { kind: 'timeline', delivery: aTimeline(request.id) };
    case 'list-dead':
      return { kind: 'dead-page', events: [aDeadEvent(randomUUID())], next: null };
    case 'show-dead':
      return { kind: 'dead', event: aDeadEvent(request.id) };
    case 'discard-dead':
      return { kind: 'discarded', event: aDeadEvent(request.id) };
    case 'failures':
      return { kind: 'failures', groups: [{ state: 'REJECTED', cause: 'rcpt 550 5.1.1', count: 1, oldestAt: '2026-11-25T10:00:00.000Z', newestAt: '2026-11-25T10:00:00.000Z', newest: [randomUUID()] }] };
    case 'figures':
      return { kind: 'figures', buckets: Array.from({ length: request.buckets }, () => ({ accepted: 1, sent: 1, failed: 0, failures: {}, medianMs: 900, p95Ms: 900, oldestSeconds: null })), open: 0, oldestOpenAt: null };
    case 'replay':
      return { kind: 'replay', verdict: 'replayed' };
    case 'replay-many':
      return { kind: 'replays', verdicts: { replayed: 1, void: 2 }, next: null };
  }
};

let service: ServiceUnderTest;
beforeAll(async () => (service = await ServiceUnderTest.start(enabled, undefined, keeper)));
afterAll(() => service.stop());

let people = 0;

/** Somebody whom requests are about. */
class Person {
  private constructor(
    readonly name: string,
    readonly id: string,
  ) {}

  static async make(): Promise<Person> {
    const name = `person${++people}`;
    const { body } = await service.ask('/scim2/Users', { body: { userName: name, password, emails: [`${name}@example.com`] } });
    return new Person(name, (body as { id: string }).id);
  }

  /** As a tenant that notifies by itself gets it; none where an earlier request has switched recovery off. */
  async key(): Promise<string> {
    const { status, text } = await service.recover(this.name, 'notify=false');
    return status === 202 ? text : 'none';
  }

  /** Of a recovery by steps, what its mail has led to: a key in v1, a code in v2. */
  async flow(version: Version): Promise<Pick<StepBody, 'resendCode' | 'flowConfirmationCode'> & { readonly mailed: string; readonly resetCode: () => Promise<string> }> {
    const steps = new Steps(service, version);
    const { resendCode, flowConfirmationCode } = await steps.toMail(this.name);
    const mailed = await service.keyOf(this.name);
    return { resendCode, flowConfirmationCode, mailed, resetCode: async () => bodyOf(await (version === 'v2' ? steps.confirm(flowConfirmationCode, mailed) : steps.confirm(mailed))).resetCode };
  }

  /** Of a recovery at My Account by a code. */
  async ownFlow(): Promise<{ readonly flow: string; readonly code: string; readonly resetCode: () => Promise<string> }> {
    const ask = async (step: string, body: object) => (await service.ask(`/api/rekey/v1/recovery/code${step}`, { as: null, body })).body as { flow: string; resetCode: string };
    const { flow } = await ask('', { username: this.name });
    const code = await service.keyOf(this.name);
    return { flow, code, resetCode: async () => (await ask('/confirm', { flow, code })).resetCode };
  }

  /** As an administrator's reset mails it. */
  async forcedCode(): Promise<string> {
    await service.ask(`/scim2/Users/${this.id}`, { method: 'PATCH', body: { Operations: [{ op: 'replace', value: { 'urn:scim:wso2:schema': { forcePasswordReset: true } } }] } });
    return service.keyOf(this.name);
  }

  async sessionWithAnAddressThatWaits(): Promise<string> {
    const session = await this.session();
    await service.ask('/api/rekey/v1/me/address', { method: 'PUT', as: null, body: { email: `${this.name}@elsewhere.example`, password }, headers: { cookie: `__Host-rekey-session=${session}` } });
    return session;
  }

  async session(): Promise<string> {
    const { headers } = await service.ask('/api/rekey/v1/session', { as: null, body: { username: this.name, password } });
    return headers.get('set-cookie')?.split(/[=;]/)[1] ?? 'none';
  }

  async sessionId(): Promise<string> {
    const { body } = await service.ask('/api/rekey/v1/me/sessions', { as: null, headers: { cookie: `__Host-rekey-session=${await this.session()}` } });
    return (body as { sessions: [{ id: string }] }).sessions[0].id;
  }
}

/** Of somebody who has registered. */
async function confirmationKey(): Promise<string> {
  const username = `registered-${randomUUID()}`;
  await service.ask('/api/identity/user/v1.0/me', { body: { user: { username, password, claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: `${username}@example.com` }] }, properties: [] } });
  return service.keyOf(username, 1, 'AccountConfirmationRequested');
}

async function addressKey(): Promise<string> {
  const { name, id } = await Person.make();
  await service.ask(`/scim2/Users/${id}`, { method: 'PUT', body: { userName: name, emails: [`new-${name}@example.com`] } });
  return service.keyOf(name, 1, 'AccountConfirmationRequested');
}

async function tenantId(): Promise<string> {
  const domain = `${randomUUID()}.example`;
  await service.aTenant(domain);
  return ((await service.ask(`/api/server/v1/tenants/domain/${domain}`)).body as { id: string }).id;
}

/** As another service would publish it. */
function signedEvent(userId: string): string {
  const writer = new EventWriter(recoveryServiceSource, new EventSigner(service.config.keys.signingPrivateKey!));
  const data = { user: { id: userId, username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' }, generation: 1, reason: 'password-changed', voidedAt: '2026-11-25T10:00:00Z' } as const;
  return JSON.stringify(toStructuredEvent(writer.record(writer.event('RecoveryVoided', userId, data))));
}

describe(`an operation of the APIs (seed ${seed})`, () => {
  it.each(operations.map((operation) => [operation.method.toUpperCase(), operation.path, operation] as const))('%s %s answers as its document says, whatever is asked', async (_method, _path, operation) => {
    let person = await Person.make();
    const statuses = new Set<number>();
    const property = fc.asyncProperty(requestTo(operation), async (request) => {
      // Throws where the answer is not as the document has it.
      const answer = await send(operation, request, person);
      statuses.add(answer.status);
      // 501 is WSO2's answer to paging where it has none; 503 comes where too many passwords wait to be hashed.
      if (answer.status >= 500 && answer.status !== 501) expect([answer.status, (answer.body as ErrorBody).code]).toEqual([503, 'RKY-10007']);
      if (answer.status < 300 && operation.method !== 'get') person = await Person.make();
    });
    await fc.assert(property, { seed, numRuns: requestsPerOperation, endOnFailure: true });
    const wellMeant = wellMeantRequestTo(operation);
    if (wellMeant) statuses.add((await send(operation, drawn(wellMeant), await Person.make())).status);
    // A forced reset may be over before it is paused: its own tests do that.
    const isReached = [...statuses].some((status) => status < 300) || /forced-resets\/\{id\}\/\w+$/.test(operation.path);
    expect([isReached, ...statuses]).toEqual([true, ...statuses]);
  }, 300_000);
});

function drawn({ as: credentials = 'admin:admin', session = '«session»', path = {}, query = {}, body }: WellMeantRequest): DrawnRequest {
  return { tenant: '', credentials, cookie: session, pathParameters: path, query: Object.entries(query), headers: {}, contentType: 'application/json', body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) };
}

async function send({ method, path, security }: DocumentedOperation, request: DrawnRequest, person: Person): Promise<Answer> {
  const version: Version = path.includes('/v2/') ? 'v2' : 'v1';
  let flow: ReturnType<Person['flow']> | undefined;
  const flowOf = () => (flow ??= person.flow(version));
  let ownFlow: ReturnType<Person['ownFlow']> | undefined;
  const ownFlowOf = () => (ownFlow ??= person.ownFlow());
  const words: Readonly<Record<string, () => string | Promise<string>>> = {
    name: () => person.name,
    id: () => person.id,
    password: () => password,
    random: () => randomUUID(),
    'signed event': () => signedEvent(person.id),
    key: () => person.key(),
    session: () => person.session(),
    'session of whose address waits': () => person.sessionWithAnAddressThatWaits(),
    'own flow': async () => (await ownFlowOf()).flow,
    'own code': async () => (await ownFlowOf()).code,
    'own reset code': async () => (await ownFlowOf()).resetCode(),
    'forced code': () => person.forcedCode(),
    'session id': () => person.sessionId(),
    'confirmation key': confirmationKey,
    'address key': addressKey,
    'tenant id': tenantId,
    administrator: async () => {
      await service.ask(`/api/rekey/v1/users/${person.id}/roles`, { method: 'PUT', body: { roles: ['administrator'] } });
      return `${person.name}:${password}`;
    },
    'forced reset id': async () => ((await service.ask('/api/rekey/v1/forced-resets', { body: { users: [person.name] } })).body as { id: string }).id,
    'preview id': async () => ((await service.ask('/api/rekey/v1/mail-templates/preview', { body: template })).body as { previewId: string }).previewId,
    'recovery code': async () => started(await new Steps(service, version).init(person.name)).recoveryCode,
    'username code': async () => started(await new Steps(service, version).call('username/init', { claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: `${person.name}@example.com` }] })).recoveryCode,
    'resend code': async () => (await flowOf()).resendCode,
    'flow code': async () => (await flowOf()).flowConfirmationCode,
    'mailed key': async () => (await flowOf()).mailed,
    'reset code': async () => (await flowOf()).resetCode(),
  };
  const filled = async (text: string): Promise<string> => {
    let all = text;
    for (const [word, value] of Object.entries(words)) if (all.includes(`«${word}»`)) all = all.replaceAll(`«${word}»`, await value());
    return all;
  };
  let address = request.tenant + path;
  for (const [name, value] of Object.entries(request.pathParameters)) address = address.replace(`{${name}}`, encodeURIComponent(await filled(value)));
  const query = new URLSearchParams();
  for (const [name, value] of request.query) query.append(name, await filled(value));
  const credentials = await filled(request.credentials);
  const [byBasic, bySession] = ['basic', 'session'].map((scheme) => security.some((one) => scheme in one));
  const cookie = bySession && !(byBasic && credentials) ? await filled(request.cookie) : '';
  const headers = { ...request.headers, ...(cookie ? { cookie: `__Host-rekey-session=${cookie}` } : {}), ...(request.body === undefined ? {} : { 'content-type': request.contentType }) };
  const body = request.body === undefined ? {} : { body: await filled(request.body) };
  return service.ask(query.size > 0 ? `${address}?${query.toString()}` : address, { method: method.toUpperCase(), as: credentials || null, headers, ...body });
}
