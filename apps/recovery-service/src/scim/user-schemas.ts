import { contactClaims } from '@rekey/identity';
import { attributes, coreSchema, enterpriseSchema, firstSteps, wso2Schema, type Attribute } from './user-attributes.ts';

/** Common to every resource, and in no schema (RFC 7643 section 3.1). */
const common: readonly string[] = ['schemas', 'id', 'externalId', 'meta'];

/** What `/Schemas` says (RFC 7643 section 7), read off the attributes that there are. */
export function userSchemas(baseUrl: string) {
  const schema = (id: Attribute['schema'], name: string, description: string) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes: attributes.filter((attribute) => attribute.schema === id && attribute.subName === null && !common.includes(attribute.name)).map(described),
    meta: { resourceType: 'Schema', location: `${baseUrl}/scim2/Schemas/${id}` },
  });
  return [
    schema(coreSchema, 'User', 'User Account'),
    schema(wso2Schema, 'WSO2 User', 'What WSO2 knows of an account: locks, and whether its password must be reset'),
    schema(enterpriseSchema, 'EnterpriseUser', 'What a person is at work'),
  ];
}

function described(attribute: Attribute): Record<string, unknown> {
  const { name, subName, schema, mutability, field } = attribute;
  const parts = subName === null ? attributes.filter((part) => part.schema === schema && part.name === name && part.subName !== null) : [];
  return {
    name: subName ?? name,
    type: parts.length > 0 ? 'complex' : typeOf(attribute),
    multiValued: (field?.kind === 'contact' || name === 'pendingEmails') && subName === null,
    description: field && 'uri' in field ? `The claim ${field.uri}.` : (descriptions[attribute.path] ?? ''),
    required: name === 'userName',
    ...(parts.length > 0 ? {} : { caseExact: false }),
    mutability,
    returned: mutability === 'writeOnly' ? 'never' : 'default',
    uniqueness: name === 'userName' ? 'server' : 'none',
    ...(field?.kind === 'contact' && field.part === 'type' ? { canonicalValues: Object.keys(contactClaims[field.of].typed) } : {}),
    ...(parts.length > 0 ? { subAttributes: parts.map(described) } : {}),
  };
}

function typeOf({ name, field }: Attribute): 'string' | 'boolean' | 'integer' {
  if (field?.kind === 'number') return 'integer';
  return name in firstSteps || field?.kind === 'switch' || field?.kind === 'opposite' || (field?.kind === 'contact' && field.part === 'primary') ? 'boolean' : 'string';
}

const descriptions: Readonly<Record<string, string>> = {
  userName: 'The name to sign in with; it stays for good.',
  password: 'The first password, when the user is made.',
  [`${wso2Schema}:verifyEmail`]: 'When the user is made: the account is locked until its owner has confirmed the address by mail.',
  [`${wso2Schema}:askPassword`]: 'When the user is made: its owner is mailed a link to set the first password.',
  [`${wso2Schema}:pendingEmails`]: 'The address that waits to be confirmed: one at the most.',
  [`${wso2Schema}:pendingEmails.value`]: 'The address.',
  name: 'The parts of the person’s name.',
  emails: 'Mail addresses; recovery mails go to the primary one.',
  'emails.value': 'The address.',
  'emails.type': 'What the address is for; one of each.',
  'emails.primary': 'Whether recovery mails go there.',
  phoneNumbers: 'Phone numbers, as text.',
  'phoneNumbers.value': 'The number.',
  'phoneNumbers.type': 'What the number is for; one of each.',
  addresses: 'Postal addresses, each a text.',
  'addresses.formatted': 'The address as it stands on an envelope.',
  'addresses.type': 'What the address is for; one of each.',
};
