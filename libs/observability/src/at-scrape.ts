const freshMs = 1_000;
const patienceMs = 2_000;

/**
 * Figures that cost a look into a database or a broker: taken when somebody reads the metrics, never in the way of a mail. However many
 * gauges and readers there are, there is one look a second, and whoever reads waits for it no longer than two.
 */
export class AtScrape<Figures> {
  private taken: Promise<Figures | null> | null = null;
  private takenAtMs = 0;
  private isUnderWay = false;

  constructor(private readonly look: () => Promise<Figures>) {}

  /** @returns null where they cannot be had now: what is not known is shown as absent, not as zero */
  async latest(): Promise<Figures | null> {
    // One that takes long is waited for again, and not asked for a second time.
    if (!this.taken || (!this.isUnderWay && performance.now() - this.takenAtMs > freshMs)) this.taken = this.take();
    return Promise.race([this.taken, patience()]);
  }

  private async take(): Promise<Figures | null> {
    this.takenAtMs = performance.now();
    this.isUnderWay = true;
    try {
      return await this.look();
    } catch {
      // The service's readiness says that, and why.
      return null;
    } finally {
      this.isUnderWay = false;
    }
  }
}

async function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, patienceMs, null).unref());
}
