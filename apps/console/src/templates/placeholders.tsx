import { Button, Code, Title } from '@mantine/core';

/** Of docs/mail-templates.md, those that a mail is written with; the rest are WSO2's names for the brand's. */
const placeholders: readonly (readonly [name: string, meaning: string])[] = [
  ['reset-link', 'the link that the mail is about'],
  ['confirmation-code', 'the key or the one-time code by itself'],
  ['user-name', 'the person’s username'],
  ['user.claim.givenname', 'any claim; without a given name, the username'],
  ['tenant-domain', 'the tenant'],
  ['link-validity', 'how long it works, in words'],
  ['expires-at', 'until when it works'],
  ['requested-at', 'when it was asked for'],
  ['client-address', 'from where, where that is known'],
  ['lock-duration', 'how long the account is locked, in words'],
  ['reference', 'ten symbols for the helpdesk'],
  ['organization-name', 'the brand’s name'],
  ['organization.support.mail', 'the brand’s address for help'],
  ['organization.copyright.text', 'the brand’s footer'],
  ['current-year', 'of the mail'],
];

/** What may stand in a template; pressed, it goes into the body. */
export function Placeholders({ onInsert }: { readonly onInsert: (text: string) => void }) {
  return (
    <section className="block" aria-label="Placeholders">
      <Title order={2}>Placeholders</Title>
      <ul className="choices placeholders">
        {placeholders.map(([name, meaning]) => (
          <li key={name}>
            <Button variant="default" size="compact-sm" aria-label={`Insert {{${name}}} into the body`} onClick={() => onInsert(`{{${name}}}`)}>
              <Code>{`{{${name}}}`}</Code>
            </Button>
            <span className="quiet">{meaning}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
