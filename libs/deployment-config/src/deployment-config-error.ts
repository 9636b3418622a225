/** A fault in `deployment.toml`: one line with file, line, column, key, what was expected and what was found. */
export class DeploymentConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DeploymentConfigError';
  }
}
