import { identityEventNames } from '@rekey/deployment-config';
import { hookOfEvent } from './identity-event.ts';

describe('the identity events', () => {
  it('that are raised are those that deployment.toml lets a handler subscribe to', () => {
    expect([...hookOfEvent.keys()].sort()).toEqual([...identityEventNames].sort());
  });
});
