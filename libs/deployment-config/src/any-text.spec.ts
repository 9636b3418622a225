import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { DeploymentConfigError } from './deployment-config-error.ts';
import { loadDeploymentConfig } from './load-deployment-config.ts';
import { knownKeysAt } from './schema.ts';
import { faultOf, load } from './testing/deployment-texts.ts';

describe('any text at all', () => {
  /** Keys that Rekey reads, keys of WSO2, names of the language and slips. */
  const names = fc.oneof(fc.constantFrom(...(knownKeysAt([]) ?? []), 'hostname', 'identity_db', 'default_listener', 'identity_mgt', 'priority', 'keystore', '__proto__', 'constructor'), fc.string({ maxLength: 12 }));
  const values = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constantFrom('$env{A}', '$ref{server.hostname}', '$ref{a}', '$secret{b}', '${carbon.host}', '1d', '9443'));
  const toml = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, values, fc.array(tie('value'), { maxLength: 3 }), tie('table')),
    table: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  })).table;

  it('is read, or refused in one line', () => {
    fc.assert(
      fc.property(fc.array(toml, { minLength: 1, maxLength: 3 }), fc.dictionary(fc.constantFrom('A', 'B'), fc.string()), (tables, environment) => {
        const texts = tables.map((table) => stringify(table as object));
        expectReadOrRefused(texts, environment);
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused where a single key of the schema has any value', () => {
    const paths = pathsBelow([]);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.oneof(values, fc.constant([]), fc.constant({})), (path, value) => {
        expectReadOrRefused([`${path} = ${JSON.stringify(value)}`], {});
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused where it is noise', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => expectReadOrRefused([text], {})));
  });

  it('is read when it is huge', () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `key_${index} = "${'v'.repeat(80)}"`);
    expect(load(`[keystore]\n${lines.join('\n')}`).warnings).toHaveLength(1);
    expect(faultOf(`[server]\n${lines.join('\n')}`)).toContain('deployment.toml:2:1: server.key_0: there is no such key');
  });

  function expectReadOrRefused(texts: readonly string[], environment: Record<string, string>): void {
    try {
      loadDeploymentConfig(texts.map((text, index) => ({ name: `layer-${index}`, toml: text })), environment);
    } catch (error) {
      expect(error).toBeInstanceOf(DeploymentConfigError);
      expect((error as Error).message).toMatch(/^(layer-\d(:\d+:\d+)?|deployment\.toml): [^\n]+$/);
    }
  }

  function pathsBelow(path: readonly string[]): string[] {
    const known = knownKeysAt(path);
    return known === null ? [path.join('.')] : known.flatMap((key) => pathsBelow([...path, key]));
  }
});
