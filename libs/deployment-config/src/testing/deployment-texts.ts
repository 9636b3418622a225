import { generateKeyPairSync } from 'node:crypto';
import { DeploymentConfigError } from '../deployment-config-error.ts';
import { loadDeploymentConfig, type LoadedDeployment } from '../load-deployment-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one text, or several layers of which the first is the operator's, named `deployment.toml`, `beneath-1.toml`, … */
export function load(toml: string | readonly string[], environment: Environment = {}): LoadedDeployment {
  const texts = typeof toml === 'string' ? [toml] : toml;
  return loadDeploymentConfig(texts.map((text, index) => ({ name: index === 0 ? 'deployment.toml' : `beneath-${index}.toml`, toml: text })), environment);
}

/** @returns the one line that refuses it */
export function faultOf(toml: string | readonly string[], environment: Environment = {}): string {
  return messageOf(() => load(toml, environment));
}

/** @returns the message of the DeploymentConfigError that `act` throws; anything else fails the test */
export function messageOf(act: () => unknown): string {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    if (error instanceof DeploymentConfigError) return error.message;
    throw error;
  }
  throw new Error(`expected a DeploymentConfigError, got ${JSON.stringify(result)}`);
}

/** @returns both parts of a new key, as JSON text */
export function aKey(curve: 'x25519' | 'ed25519', kid = 'kid-1'): { readonly publicKey: string; readonly privateKey: string; readonly secretPart: string } {
  // Two overloads of one function: the curve decides.
  const pair = curve === 'x25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ed25519');
  const privateJwk = pair.privateKey.export({ format: 'jwk' });
  return {
    publicKey: JSON.stringify({ ...pair.publicKey.export({ format: 'jwk' }), kid }),
    privateKey: JSON.stringify({ ...privateJwk, kid }),
    secretPart: String(privateJwk['d']),
  };
}
