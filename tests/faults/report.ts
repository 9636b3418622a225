const { FAULTS_SEED, FAULTS_TIMES, FAULTS_KILLS, FAULTS_MINUTES, FAULTS_POINTS, FAULTS_REQUESTS } = process.env;

/** What `npm run faults` was told. */
export const told = {
  seed: Number(FAULTS_SEED ?? 1),
  /** How often each point is killed at. */
  times: Number(FAULTS_TIMES ?? 20),
  /** How often something is killed at random. */
  kills: Number(FAULTS_KILLS ?? 200),
  /** How long Kafka is away. */
  minutes: Number(FAULTS_MINUTES ?? 10),
  /** How many are asked during each fault whose waits are measured. */
  requests: Number(FAULTS_REQUESTS ?? 300),
  /** Those alone, or all. */
  points: FAULTS_POINTS?.split(',') ?? null,
};

/** A line of the run's figures. */
export function say(what: string, figures: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`faults ${what} ${JSON.stringify(figures)}\n`);
}
