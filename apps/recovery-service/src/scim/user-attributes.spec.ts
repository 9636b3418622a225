import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pendingAddress } from '@rekey/governance';
import { addressClaims, contactClaims, type ContactKind } from '@rekey/identity';
import { attributeAt, enterpriseClaims, enterpriseSchema, statusClaims, switchClaims, textClaims, withSpelledNames, wso2Schema } from './user-attributes.ts';

describe('docs/scim.md', () => {
  it('lists each attribute with its claim, and no other', async () => {
    const text = await readFile(path.resolve('docs/scim.md'), 'utf8');
    const listed = [...text.matchAll(/^\| `([^`]+)`[^|]*\| `(http:[^`]+)` \|/gm)].map(([, attribute = '', claim = '']) => [attribute, claim]);
    const switches = Object.entries(switchClaims).map(([name, uri]) => [`${wso2Schema}:${name}`, uri]);
    const status = Object.entries(statusClaims).map(([name, { uri }]) => [`${wso2Schema}:${name}`, uri]);
    const enterprise = Object.entries(enterpriseClaims).map(([name, uri]) => [`${enterpriseSchema}:${name}`, uri]);
    const contacts = (kind: ContactKind) => [...Object.entries(contactClaims[kind].typed).map(([type, uri]) => [`${kind}[type eq "${type}"]`, uri]), [kind, contactClaims[kind].others]];
    expect(listed).toEqual([...Object.entries(textClaims), ['emails', addressClaims.primary], ...contacts('emails'), ...contacts('phoneNumbers'), ...contacts('addresses'), ['active', switchClaims.accountDisabled], ...switches, ...status, [`${wso2Schema}:pendingEmails.value`, pendingAddress], ...enterprise]);
  });
});

describe('an attribute', () => {
  it.each([
    ['USERNAME', 'userName'],
    ['urn:ietf:params:scim:schemas:core:2.0:user:Name.GivenName', 'name.givenName'],
    ['urn:SCIM:wso2:schema:ACCOUNTLOCKED', `${wso2Schema}:accountLocked`],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:accountLocked', `${wso2Schema}:accountLocked`],
    ['URN:ietf:params:scim:schemas:extension:enterprise:2.0:User:Manager.Value', `${enterpriseSchema}:manager.value`],
  ])('is known as %s', (written, path) => expect(attributeAt(written)?.path).toBe(path));

  it.each(['', 'accountLocked', 'urn:scim:wso2:schema', 'urn:scim:wso2:schema:userName', 'name.', '.name', 'name.givenName.x', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])('is not %j', (written) => expect(attributeAt(written)).toBeNull());

  it('that is unknown keeps its name, to be refused by it', () => {
    const written: unknown = JSON.parse('{"NAME": {"GIVENNAME": "K", "nick": 1}, "isAdmin": true, "title": null, "urn:scim:wso2:schema": {"ACCOUNTLOCKED": true}, "urn:scim:wso2:schema:accountDisabled": false}');
    expect(withSpelledNames(written as Record<string, unknown>)).toEqual({ name: { givenName: 'K', nick: 1 }, isAdmin: true, [wso2Schema]: { accountLocked: true, accountDisabled: false } });
  });
});
