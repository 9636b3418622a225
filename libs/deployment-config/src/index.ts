export type * from './deployment-config.ts';
export { DeploymentConfigError } from './deployment-config-error.ts';
export { loadDeploymentConfig, type DeploymentText, type LoadedDeployment } from './load-deployment-config.ts';
export { configFromEnvironment, type EnvironmentDeployment } from './from-environment.ts';
export { exposesSamplePassword } from './sample-password.ts';
