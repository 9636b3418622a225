import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from '../api-docs/accesses.ts';
import type { Route } from '../api-docs/routes.ts';

/** Long beside what is saved by finding nobody, some hundredths of a millisecond; short for whoever waits. */
const stepMs = 5;
/** Who ask about others. */
const strangers: ReadonlySet<Access> = new Set(['anyone', 'recovery-client']);

/**
 * Sends what a stopwatch could read something from (who is there, what of a password or key is right) only at whole steps after the request has come. The same
 * work is done for nobody as for somebody; what differs all the same shows in thousands of requests, and a step rounds it away (S2).
 * These are the answers to whatever is asked about others, and every 401.
 */
export function answerInSteps(fastify: FastifyInstance, routes: readonly Route[]): void {
  const cameAt = new WeakMap<FastifyRequest, number>();
  const stepped = new Set(routes.filter(isAboutOthers).map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`));
  fastify.addHook('onRequest', async (request) => void cameAt.set(request, performance.now()));
  fastify.addHook('onSend', async (request, { statusCode }) => {
    const { method, routeOptions: { url } } = request;
    if (statusCode !== 401 && !stepped.has(`${method} ${url}`)) return;
    const came = cameAt.get(request) ?? performance.now();
    const dueAt = came + (Math.floor((performance.now() - came) / stepMs) + 1) * stepMs;
    // A timer may come a moment early.
    for (let restMs = dueAt - performance.now(); restMs > 0; restMs = dueAt - performance.now()) await pause(Math.ceil(restMs));
  });
}

function isAboutOthers({ method, operation }: Route): boolean {
  return method !== 'get' && operation !== undefined && strangers.has(operation.access);
}
