import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { moduleBoundaries } from './tools/lint/module-boundaries.mjs';
import { requireProjectGraph } from './tools/lint/project-graph.mjs';
import { reasonedDisable } from './tools/lint/reasoned-disable.mjs';

requireProjectGraph();

const typescript = ['**/*.{ts,tsx,mts}'];
const inBrowser = ['apps/inbox/assets/**/*.js', 'libs/edge/assets/**/*.js'];
const tests = ['**/*.spec.ts', '**/testing/**', 'libs/test-kit/**', 'tests/**'];
/** What runs in a service, or in the one process of `npm start`. */
const services = ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'];

const nodeGlobals = Object.getOwnPropertyNames(globalThis);
const browserGlobals = ['addEventListener', 'CSS', 'document', 'EventSource', 'fetch', 'history', 'location', 'matchMedia', 'URL', 'URLSearchParams', 'window'];
const readOnly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

const unused = { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true };

// The rules of the house that are about a part of a package, not all of it. What the boundaries of modules are: tools/lint/module-boundaries.mjs.
const environment = { regex: '^(?:node:)?process$', importNamePattern: '^env$', message: 'Only deployment-config reads the environment.' };
const configurationFiles = { regex: '^smol-toml$', importNamePattern: '^parse$', message: 'Only deployment-config reads configuration files.' };
const passwordHashes = { regex: '^(?:node:)?crypto$', importNamePattern: '^(?:argon2|pbkdf2|scrypt)(?:Sync)?$', message: 'Only identity hashes passwords.' };
const restrictedImports = (...patterns) => ['error', { patterns }];

export default defineConfig(
  { ignores: ['**/dist/', '**/node_modules/', '.nx/', '.rekey/', 'coverage/', 'tmp/', '**/generated/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    plugins: { '@nx': nx, rekey: { rules: { 'reasoned-disable': reasonedDisable } } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', moduleBoundaries({ inTests: false })],
      'rekey/reasoned-disable': 'error',
      'array-callback-return': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-binary-expression': 'error',
      'no-self-compare': 'error',
      'no-unreachable-loop': 'error',
      'no-var': 'error',
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
    },
  },
  { files: tests, rules: { '@nx/enforce-module-boundaries': ['error', moduleBoundaries({ inTests: true })] } },

  {
    files: ['**/*.{js,mjs}'],
    rules: {
      'no-cond-assign': 'error',
      'no-dupe-else-if': 'error',
      'no-dupe-keys': 'error',
      'no-fallthrough': 'error',
      'no-undef': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-unused-vars': ['error', unused],
    },
  },
  { files: ['**/*.{js,mjs}'], ignores: inBrowser, languageOptions: { globals: readOnly(nodeGlobals) } },
  { files: inBrowser, languageOptions: { globals: readOnly(browserGlobals) } },

  {
    files: typescript,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', unused],
      // What another threw is passed on as it is.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
      // Fastify's and Nest's handlers are async whether they wait or not, and then a throw is a rejection.
      '@typescript-eslint/require-await': 'off',
      // Objects of functions are handed around and taken apart here; nearly none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: tests,
    rules: {
      // A test reads the answers of a server as they come: a wrong guess at their shape fails the test.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },

  {
    files: services,
    ignores: tests,
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: environment.message }],
      'no-restricted-imports': restrictedImports(environment, configurationFiles, passwordHashes),
    },
  },
  { files: ['libs/deployment-config/**'], rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': restrictedImports(passwordHashes) } },
  { files: ['libs/identity/**'], ignores: tests, rules: { 'no-restricted-imports': restrictedImports(environment, configurationFiles) } },

  { files: ['{apps/my-account,apps/console,libs/web}/**/*.{ts,tsx}'], extends: [hooks.configs.flat['recommended-latest']] },
);
