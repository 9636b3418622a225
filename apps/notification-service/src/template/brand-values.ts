import { mailCardColor, type MailBrand } from '@rekey/events';

const border = '#dfe3ea';
/** For WSO2's templates, which put it into quotes before others. */
const font = 'Helvetica';

/** WSO2's placeholders. @param from the name in the mails' From, which a tenant without a name has */
export function brandValues({ name = '', logo, colors, support = '', footer = '' }: MailBrand, from: string): [string, string][] {
  return [
    ['organization-name', name || from],
    ['organization.logo.img', logo?.url ?? ''],
    ['organization.logo.altText', logo?.alt ?? ''],
    ['organization.color.primary', colors.primary],
    ['organization.color.background', colors.background],
    ['organization.theme.background.color', mailCardColor],
    ['organization.theme.border.color', border],
    ['organization.font.color', colors.text],
    ['organization.button.font.color', colors.buttonText],
    ['organization.font', font],
    ['organization.support.mail', support],
    ['organization.copyright.text', footer],
  ];
}
