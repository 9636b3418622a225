/** Every change is told at once; this is for when the connection it is told by hangs and nobody has noticed yet. */
const keptMs = 30_000;

/** What tenants have set, read once and kept until somebody changes it. */
export class Kept<Value> {
  private kept = new Map<string, { readonly value: Promise<Value>; readonly until: number }>();

  constructor(private readonly keptAtMost: number) {}

  of(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.kept.get(key);
    if (known && known.until > performance.now()) return known.value;
    const value = load();
    const [oldest] = this.kept.keys();
    if (this.kept.size >= this.keptAtMost && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(key, { value, until: performance.now() + keptMs });
    value.catch(() => this.kept.delete(key));
    return value;
  }

  /** Something was changed, or may have been while nobody listened. What is being read at this moment serves its mail and is not kept. */
  forget(): void {
    this.kept = new Map();
  }
}
