import type { DeploymentConfig } from './deployment-config.ts';
import { isLoopbackHost } from './loopback.ts';

/**
 * Whether passwords and recovery keys may reach a service that speaks plain HTTP without TLS before it: it listens for others than this
 * machine, and the file names no gateway whose requests it takes.
 */
export function exposesPlainHttp({ listenAddress, trustedProxies }: Pick<DeploymentConfig['server'], 'listenAddress' | 'trustedProxies'>): boolean {
  return !isLoopbackHost(listenAddress) && trustedProxies.length === 0;
}
