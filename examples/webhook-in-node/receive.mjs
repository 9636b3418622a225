// Takes what Rekey's webhook tells, until it is stopped: `REKEY_VERIFYING_KEY='{…}' PORT=8080 node receive.mjs`
import { createServer } from 'node:http';
import { EventReader, readWebhook, webhookMaxAgeMs, webhookMaxBytes } from '@rekey/events';

const { PORT = '8080', REKEY_VERIFYING_KEY = '' } = process.env;

// The notification service's public signing key: nobody else is believed.
const reader = new EventReader([{ source: 'urn:rekey:notification-service', publicKey: JSON.parse(REKEY_VERIFYING_KEY), linkBases: [] }]);

// What was taken, by id, oldest first. A real service keeps this in its database, in the transaction that does what the event asks for.
const taken = new Map();

function take(event) {
  for (const [id, at] of taken) {
    if (Date.now() - at <= webhookMaxAgeMs + 3_600_000) break;
    taken.delete(id);
  }
  if (taken.has(event.id)) return;
  console.log(`${event.type} ${event.data.eventId} ${event.data.detail}`);
  taken.set(event.id, Date.now());
}

const server = createServer(async (request, response) => {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > webhookMaxBytes) return response.writeHead(413).end();
    parts.push(part);
  }
  const result = readWebhook(reader, Buffer.concat(parts));
  if (result.kind === 'unreadable') return response.writeHead(400, { 'content-type': 'text/plain' }).end(result.reason);
  take(result.event);
  // 2xx: taken. Anything else, or no answer within 15 seconds, and Rekey asks again.
  response.writeHead(204).end();
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening at http://127.0.0.1:${server.address().port}/`));
