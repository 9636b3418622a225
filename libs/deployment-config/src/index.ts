export type * from './deployment-config.ts';
export { defaultHandlerNames } from './deployment-config.ts';
export { DeploymentConfigError } from './deployment-config-error.ts';
export { loadDeploymentConfig, type DeploymentText, type LoadedDeployment } from './load-deployment-config.ts';
export { configFromEnvironment, localFileIn, type EnvironmentDeployment, type EnvironmentOptions } from './from-environment.ts';
export { databaseFault, serviceConfig, type ServiceDeployment } from './service-config.ts';
export { exposesSamplePassword, isLoopback, samplePassword, type SuperAdminAtAddress } from './sample-password.ts';
