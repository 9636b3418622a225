/** The file lacks what a service cannot do without. */
export class MissingSettingError extends Error {
  /** @param place as it stands in `deployment.toml` */
  constructor(place: string, purpose: string) {
    super(`deployment.toml: ${place} is missing: ${purpose}`);
    this.name = 'MissingSettingError';
  }
}

/** In the place of a setting that is not there. @throws MissingSettingError */
export function missingSetting(place: string, purpose: string): never {
  throw new MissingSettingError(place, purpose);
}
