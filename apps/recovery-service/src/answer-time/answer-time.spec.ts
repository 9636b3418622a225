import { setImmediate as nextTurn } from 'node:timers/promises';
import { until } from '@rekey/test-kit';
import fastify, { type FastifyInstance } from 'fastify';
import type { Access } from '../api-docs/accesses.ts';
import type { Route } from '../api-docs/routes.ts';
import { answerInSteps } from './answer-steps.ts';
import { WorkAfterAnswers } from './work-after-answers.ts';

let server: FastifyInstance;
beforeEach(() => {
  server = fastify();
});
afterEach(() => server.close());

const listening = async () => server.listen({ host: '127.0.0.1', port: 0 });

describe('answers in steps (S2)', () => {
  const route = (method: string, access: Access): Route => ({ method, path: `/${access}/{id}`, controllerPath: '', status: 200, handler: '', operation: { summary: '', access, responses: {} } });

  it.each([
    ['what anyone asks about others', 'POST', 'anyone', 202],
    ['what a recovery client asks about others', 'POST', 'recovery-client', 404],
    ['the refusal of credentials, whatever they were for', 'GET', 'auditor', 401],
  ] as const)('keep back %s', async (_what, method, access, status) => {
    answerInSteps(server, [route(method.toLowerCase(), access)]);
    server.route({ method, url: `/${access}/:id`, handler: async (_request, reply) => reply.code(status).send() });
    const url = await listening();
    const askedAt = performance.now();
    const answer = await fetch(`${url}/${access}/7`, { method });
    expect([answer.status, performance.now() - askedAt >= 5]).toEqual([status, true]);
  });
});

describe('work after answers (S2)', () => {
  it('begins when an answer has left, once for all that were waiting, and not without need', async () => {
    const seen: string[] = [];
    const work = new WorkAfterAnswers(() => seen.push('work'));
    work.follow(server);
    server.addHook('onSend', async () => {
      await nextTurn();
      seen.push('answer');
    });
    server.get('/mails', async () => {
      work.wake();
      work.wake();
      return nextTurn('done');
    });
    server.get('/mails-nothing', async () => 'done');
    const url = await listening();
    await fetch(`${url}/mails`);
    await until(() => seen.length === 2);
    await fetch(`${url}/mails-nothing`);
    await fetch(`${url}/mails`);
    await until(() => seen.length === 5);
    expect(seen).toEqual(['answer', 'work', 'answer', 'answer', 'work']);
  });
});
