import fastify from 'fastify';
import { createLogger, Health } from '@rekey/observability';
import { HealthDoor } from './health.http.ts';

describe('whether the recovery service is ready', () => {
  it('is told to everybody by the names of its parts alone; what they say of their trouble is in the log, once', async () => {
    const lines: string[] = [];
    const log = createLogger('recovery-service', { level: 'info', format: 'json', destination: { write: (line) => void lines.push(line) } });
    let reachable = false;
    const health = new Health();
    health.add('database', async () => {
      if (!reachable) throw new Error('connect ECONNREFUSED 10.1.2.3:5432');
      return { ready: true };
    });
    const door = new HealthDoor(health, log);
    const server = fastify();
    server.get('/health/ready', async (request, reply) => door.ready(request, reply));
    const url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/health/ready`;
    const ask = async () => fetch(url).then(async (answer) => [answer.status, await answer.text()]);
    const answers = [await ask(), await ask()];
    expect(answers).toEqual(answers.map(() => [503, '{"status":"not ready","waitingFor":["database"]}']));
    expect(lines.map((line) => (JSON.parse(line) as { waitingFor: unknown }).waitingFor)).toEqual([{ database: 'connect ECONNREFUSED 10.1.2.3:5432' }]);

    reachable = true;
    expect(await ask()).toEqual([200, '{"status":"ready"}']);
    expect(lines).toHaveLength(2);
    await server.close();
  });
});
