import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { MyAddress } from './address-verification/my-address.http.ts';
import { OwnAddress } from './address-verification/own-address.http.ts';
import { BounceWebhookDoor } from './bounce-webhook/bounce-webhooks.http.ts';
import { CaptchaV09 } from './captcha/captcha-v09.http.ts';
import { ConfigurationDoor } from './configuration/configuration.http.ts';
import { CodesV10 } from './confirmation-code/codes-v10.http.ts';
import { Connectors } from './connector/connectors.http.ts';
import { SettingsDoor } from './connector/settings.http.ts';
import { DeadEventDoor } from './dead-events/dead-events.http.ts';
import { DeliveryDoor } from './deliveries/deliveries.http.ts';
import { ForcedResetDoor } from './forced-reset/forced-resets.http.ts';
import { ListenerChainDoor } from './listeners/listener-chain.http.ts';
import { MailBrandDoor } from './mail-brand/mail-brand.http.ts';
import { MailTemplatesDoor } from './mail-template/mail-templates.http.ts';
import { TemplatePlaceholders } from './mail-template/template-placeholders.http.ts';
import { TemplatePreview } from './mail-template/template-preview.http.ts';
import { TemplateTest } from './mail-template/template-test.http.ts';
import { TemplateVersions } from './mail-template/template-versions.http.ts';
import { HealthDoor } from './observability/health.http.ts';
import { MetricsDoor } from './observability/metrics.http.ts';
import { Outcomes } from './outcome/outcome.events.ts';
import { OverviewDoor } from './overview/overview.http.ts';
import { MyAccountRecovery } from './password-recovery/my-account.http.ts';
import { RecoveryV09 } from './password-recovery/recovery-v09.http.ts';
import { RecoveryWays } from './password-recovery/recovery-ways.http.ts';
import { MyActivity } from './personal-information/my-activity.http.ts';
import { PersonalInformation } from './personal-information/personal-information.http.ts';
import { UserActivity } from './personal-information/user-activity.http.ts';
import { MyProfile } from './profile/my-profile.http.ts';
import { EventDoor } from './published-event/events.http.ts';
import { MyCode } from './recovery-flow/my-code.http.ts';
import { PasswordRecoveryV1, PasswordRecoveryV2 } from './recovery-flow/password-recovery-flow.http.ts';
import { UsernameRecoveryV1, UsernameRecoveryV2 } from './recovery-flow/username-recovery-flow.http.ts';
import { RelayDoor } from './relays/relays.http.ts';
import { RoleDoor } from './role/roles.http.ts';
import { ScimBulk } from './scim/bulk.http.ts';
import { ScimDiscovery } from './scim/discovery.http.ts';
import { ScimMe } from './scim/me.http.ts';
import { ScimSearch } from './scim/search.http.ts';
import { ScimUsersDoor } from './scim/users.http.ts';
import { MyRegistration } from './self-registration/my-registration.http.ts';
import { Registration } from './self-registration/registration.http.ts';
import { MyPassword } from './session/my-password.http.ts';
import { MySessions } from './session/my-sessions.http.ts';
import { SessionDoor } from './session/session.http.ts';
import { UserSessions } from './session/user-sessions.http.ts';
import { SuppressionDoor } from './suppression/suppressions.http.ts';
import { TenantDoor } from './tenant/tenants.http.ts';
import { MyUsername } from './username-recovery/my-username.http.ts';
import { UsernameRecoveryV09 } from './username-recovery/username-recovery-v09.http.ts';
import { WebhookDoor } from './webhooks/webhooks.http.ts';

/** The doors that speak HTTP. */
export const httpDoors = [
  RecoveryV09, UsernameRecoveryV09, CaptchaV09, PasswordRecoveryV1, PasswordRecoveryV2, UsernameRecoveryV1, UsernameRecoveryV2, CodesV10,
  Registration, MyRegistration, MyAddress, PersonalInformation, UserActivity,
  MyAccountRecovery, RecoveryWays, MyCode, MyUsername,
  SessionDoor, MyPassword, MySessions, MyProfile, OwnAddress, MyActivity, UserSessions,
  ScimUsersDoor, ScimSearch, ScimMe, ScimBulk, ScimDiscovery,
  Connectors, SettingsDoor, ConfigurationDoor,
  MailTemplatesDoor, TemplatePlaceholders, TemplatePreview, TemplateTest, TemplateVersions, MailBrandDoor,
  ListenerChainDoor, TenantDoor, RoleDoor, ForcedResetDoor,
  DeliveryDoor, OverviewDoor, SuppressionDoor, BounceWebhookDoor, DeadEventDoor, RelayDoor, WebhookDoor, EventDoor,
  HealthDoor, MetricsDoor,
];

/** The doors of the service; what they open to is made in `recovery-service-parts.ts`. */
@Module({})
export class RecoveryServiceModule {
  static with(providers: Provider[]): DynamicModule {
    return {
      module: RecoveryServiceModule,
      controllers: [...httpDoors, Outcomes],
      providers,
    };
  }
}
