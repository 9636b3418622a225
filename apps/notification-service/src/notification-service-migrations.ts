import { CreateOutbox1764000000000, LeaveRoomInOutbox1765140000000 } from '@rekey/messaging';
import { CreateMailBrand1765043000000 } from './brand/create-mail-brand.ts';
import { CountMails1765048000000 } from './delivery/count-mails.ts';
import { NoteRenderings1765048100000 } from './delivery/note-renderings.ts';
import { AddRecipientDomain1765042000000 } from './inbox/add-recipient-domain.ts';
import { CreateInbox1764000100000 } from './inbox/create-inbox.ts';
import { DiscardDead1765120300000 } from './inbox/discard-dead.ts';
import { FindDecidedDead1765202000000 } from './inbox/find-decided-dead.ts';
import { KeepDeliveryLog1765044000000 } from './inbox/keep-delivery-log.ts';
import { KeepPastEvents1765048200000 } from './inbox/keep-past-events.ts';
import { KeepReplays1765044100000 } from './inbox/keep-replays.ts';
import { CreateMailCounts1765120000000 } from './mail-figures/create-mail-counts.ts';
import { CountCrashes1765054000000 } from './quarantine/count-crashes.ts';
import { CreateRelayState1765120200000 } from './relay/create-relay-state.ts';
import { CreateTakenRequest1765032000000 } from './service-request/create-taken-request.ts';
import { CreateSuppressedAddress1765044200000 } from './suppression/create-suppressed-address.ts';
import { KeepBounces1765160000000 } from './suppression/keep-bounces.ts';
import { AddTemplateAuthors1765043000001 } from './template/add-template-authors.ts';
import { CreateMailTemplates1764216000000 } from './template/create-mail-templates.ts';
import { CreateWebhookDelivery1765047000000 } from './webhook/create-webhook-delivery.ts';
import { KeepWebhookState1765150000000 } from './webhook/keep-webhook-state.ts';
import { ShowGoneWebhooks1765204000000 } from './webhook/show-gone-webhooks.ts';

/** Of everything that the service keeps in its database. */
export const notificationServiceMigrations = [
  CreateOutbox1764000000000,
  CreateInbox1764000100000,
  CreateMailTemplates1764216000000,
  CreateTakenRequest1765032000000,
  AddRecipientDomain1765042000000,
  CreateMailBrand1765043000000,
  AddTemplateAuthors1765043000001,
  KeepDeliveryLog1765044000000,
  KeepReplays1765044100000,
  CreateSuppressedAddress1765044200000,
  CreateWebhookDelivery1765047000000,
  CountMails1765048000000,
  NoteRenderings1765048100000,
  KeepPastEvents1765048200000,
  CountCrashes1765054000000,
  CreateMailCounts1765120000000,
  CreateRelayState1765120200000,
  DiscardDead1765120300000,
  LeaveRoomInOutbox1765140000000,
  KeepWebhookState1765150000000,
  KeepBounces1765160000000,
  FindDecidedDead1765202000000,
  ShowGoneWebhooks1765204000000,
];
