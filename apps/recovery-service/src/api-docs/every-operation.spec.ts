import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { requestTo, type DrawnRequest } from '../testing/arbitrary-request.ts';
import { operations, type DocumentedOperation } from '../testing/documented.ts';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

/** Others draw other requests: `FUZZ_SEED=7 FUZZ_REQUESTS=1000 npm test -- every-operation`. A failure prints both, and the request. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_125);
const requestsPerOperation = Number(process.env['FUZZ_REQUESTS'] ?? 40);
const password = 'a password nobody has guessed';

let service: ServiceUnderTest;
beforeAll(async () => (service = await ServiceUnderTest.start()));
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

  async session(): Promise<string> {
    const { headers } = await service.ask('/api/rekey/v1/session', { as: null, body: { username: this.name, password } });
    return headers.get('set-cookie')?.split(/[=;]/)[1] ?? 'none';
  }
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
    // Not all were stopped at the door.
    expect([...statuses].filter((status) => status !== 401)).not.toEqual([]);
  }, 300_000);
});

async function send({ method, path, security }: DocumentedOperation, request: DrawnRequest, person: Person): Promise<Answer> {
  const words: Readonly<Record<string, () => string | Promise<string>>> = { name: () => person.name, id: () => person.id, password: () => password, key: () => person.key(), session: () => person.session(), random: () => randomUUID() };
  const filled = async (text: string): Promise<string> => {
    let all = text;
    for (const [word, value] of Object.entries(words)) if (all.includes(`«${word}»`)) all = all.replaceAll(`«${word}»`, await value());
    return all;
  };
  let address = request.tenant + path;
  for (const [name, value] of Object.entries(request.pathParameters)) address = address.replace(`{${name}}`, encodeURIComponent(await filled(value)));
  const query = new URLSearchParams();
  for (const [name, value] of request.query) query.append(name, await filled(value));
  const cookie = security.some((scheme) => 'session' in scheme) ? await filled(request.cookie) : '';
  const credentials = await filled(request.credentials);
  const headers = { ...request.headers, ...(cookie ? { cookie: `__Host-rekey-session=${cookie}` } : {}), ...(request.body === undefined ? {} : { 'content-type': request.contentType }) };
  const body = request.body === undefined ? {} : { body: await filled(request.body) };
  return service.ask(query.size > 0 ? `${address}?${query.toString()}` : address, { method: method.toUpperCase(), as: credentials || null, headers, ...body });
}
