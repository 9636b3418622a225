/** A map that forgets its oldest entry rather than hold more than so many. */
export class NewestOnly<Value> extends Map<string, Value> {
  constructor(private readonly atMost: number) {
    super();
  }

  override set(key: string, value: Value): this {
    this.delete(key);
    const [oldest] = this.keys();
    if (this.size >= this.atMost && oldest !== undefined) this.delete(oldest);
    return super.set(key, value);
  }
}
