// Who may import whom, over the tags in each package's package.json: `type:` says what a package is for, `scope:` is its own name.
//
// | type | packages |
// |---|---|
// | app | a program that runs as its own process |
// | composition | standalone: programs put together in one process |
// | web | pages for the browser |
// | lib | what programs are made of |
// | local | the database and broker that the local modes start |
// | test | what only tests use |
// | tool | programs for whoever develops or operates Rekey |
// | bench | what measures the services, in their processes and taken out of them |
//
// Imports that run in a circle are refused as well, which settles the order of the libs: governance on identity on messaging on events.

const everyoneBut = (scope) => `/^scope:(?!${scope}$)/`;

/** @param {{ inTests: boolean }} options tests may also use the test kit, what it starts, and the packages that a check needs bare */
function houseRules({ inTests }) {
  const testing = inTests ? ['type:local', 'type:test'] : [];
  const rules = [
    // Apps import libs, never each other; only standalone composes the two services and the inbox.
    { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib', ...testing] },
    { sourceTag: 'type:composition', onlyDependOnLibsWithTags: ['type:lib', 'type:local', 'scope:recovery-service', 'scope:notification-service', 'scope:inbox', ...testing] },
    { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['scope:web'] },
    { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', ...testing] },
    { sourceTag: 'type:local', onlyDependOnLibsWithTags: ['type:lib', 'type:local', ...testing] },
    { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['type:lib', 'type:local'] },
    { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:local', ...testing] },
    { sourceTag: 'type:bench', onlyDependOnLibsWithTags: ['type:lib', 'type:local', 'type:test', 'type:app'] },

    // The public contract depends on nothing else here: it can be published as it is.
    { sourceTag: 'scope:events', onlyDependOnLibsWithTags: testing },

    // All that the notification service knows of a user came in the event: not even by way of another lib does it reach the users.
    { sourceTag: 'scope:notification-service', notDependOnLibsWithTags: ['scope:identity', 'scope:governance'] },
  ];
  const packages = [
    // Only messaging talks to Kafka, only identity hashes passwords.
    { sourceTag: everyoneBut('messaging'), bannedExternalImports: ['kafkajs'] },
    { sourceTag: everyoneBut('identity'), bannedExternalImports: ['@node-rs/argon2'] },
  ];
  return inTests ? rules : [...rules, ...packages];
}

/** The settings of `@nx/enforce-module-boundaries`. @param {{ inTests: boolean }} options */
export function moduleBoundaries({ inTests }) {
  return {
    depConstraints: houseRules({ inTests }),
    // What a package imports stands in its own package.json, or it breaks where it is installed alone. Tests run from the checkout.
    banTransitiveDependencies: !inTests,
    checkDynamicDependenciesExceptions: ['.*'],
  };
}
