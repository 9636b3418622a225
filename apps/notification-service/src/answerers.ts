import { deliveryRequest, deliveryRequestType, mailBrandRequest, mailBrandRequestType, mailTemplateRequest, mailTemplateRequestType, relayRequest, relayRequestType, suppressionRequest, suppressionRequestType, webhookRequest, webhookRequestType } from '@rekey/events';
import type { MailBrands } from './brand/mail-brands.ts';
import type { DeliveryLog } from './delivery-log/delivery-log.ts';
import type { RelayAnswers } from './relay/relay-answers.ts';
import { answererOf, type Answerer } from './service-request/service-requests.ts';
import type { SuppressionList } from './suppression/suppression-list.ts';
import type { MailTemplates } from './template-management/mail-templates.ts';
import type { WebhookAnswers } from './webhook/webhook-answers.ts';

interface Answering {
  readonly templates: MailTemplates;
  readonly brands: MailBrands;
  readonly deliveries: DeliveryLog;
  readonly suppressions: SuppressionList;
  readonly webhooks: WebhookAnswers;
  readonly relays: RelayAnswers;
}

/** All that the recovery service may ask of this one, and who answers it. */
export function answerers({ templates, brands, deliveries, suppressions, webhooks, relays }: Answering): readonly Answerer[] {
  return [
    answererOf(mailTemplateRequestType, mailTemplateRequest, (asked) => templates.answer(asked)),
    answererOf(mailBrandRequestType, mailBrandRequest, (asked) => (asked.ask === 'preview' ? templates.showBrand(asked) : brands.answer(asked))),
    answererOf(deliveryRequestType, deliveryRequest, (asked) => deliveries.answer(asked)),
    answererOf(suppressionRequestType, suppressionRequest, (asked) => suppressions.answer(asked)),
    answererOf(webhookRequestType, webhookRequest, (asked) => webhooks.answer(asked)),
    answererOf(relayRequestType, relayRequest, (asked) => relays.answer(asked)),
  ];
}
