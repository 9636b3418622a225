import type { FastifyInstance } from 'fastify';

/** In which an answer that has left here is read by whoever runs on this machine too. */
const readingMs = 3;

/** What requests lead to, begun once an answer has left: sending a mail keeps this machine busy, which must not be seen in the time of the answer to whoever asked for it (S2). */
export class WorkAfterAnswers {
  private isDue = false;

  constructor(private readonly begin: () => void) {}

  wake(): void {
    this.isDue = true;
  }

  follow(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', async () => {
      if (!this.isDue) return;
      this.isDue = false;
      setTimeout(this.begin, readingMs);
    });
  }
}
