export { startInbox, type Inbox, type InboxOptions } from './start-inbox.ts';
export type { Mail, MailSummary } from './mail.ts';
