// A stranger's client, on a thread of its own: what the server does after an answer must not hold up the reading of it. Plain JavaScript, since no compiler is there.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const { url, headers, requests, status } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const times = [];
for (const { path, body } of requests) {
  const startedAt = performance.now();
  const answered = await post(path, JSON.stringify(body));
  times.push(performance.now() - startedAt);
  if (answered !== status) throw new Error(`${path} was answered with ${answered}`);
  // Else what the server does once it has answered would come in step with the next one.
  await pause(Math.random() * 3);
}
agent.destroy();
parentPort?.postMessage(times);

function post(path, text) {
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(text) } }, (answer) => answer.resume().once('end', () => resolve(answer.statusCode)).once('error', reject));
    asked.once('error', reject).end(text);
  });
}
