import type { WebhookSettings } from '@rekey/deployment-config';
import type { KnownWebhook, WebhookOutcome, WebhookRequest } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import { forgetGone, webhookFigures } from './webhook-statements.ts';

/** What operators see of the webhooks, and of their URLs nothing but the host. */
export class WebhookAnswers {
  /** @param onEnabled one that was gone is to be told again */
  constructor(
    private readonly database: SqlExecutor,
    private readonly settings: readonly WebhookSettings[],
    private readonly onEnabled: () => void,
  ) {}

  async answer(request: WebhookRequest): Promise<WebhookOutcome> {
    switch (request.ask) {
      case 'list':
        return { kind: 'webhooks', webhooks: await this.list() };
      case 'enable': {
        if (!this.settings.some(({ name }) => name === request.webhook)) return { kind: 'unknown' };
        await forgetGone(this.database, request.webhook);
        this.onEnabled();
        return { kind: 'enabled' };
      }
    }
  }

  private async list(): Promise<KnownWebhook[]> {
    const figures = await webhookFigures(this.database, this.settings);
    return this.settings.map(({ name, url, events, tenants, enable }) => {
      const { goneSince = null, ...known } = figures.get(name) ?? { waiting: 0, oldestWaitingAt: null, lastError: null, lastTakenAt: null, takenInLastHour: 0, givenUpInLastDay: 0 };
      return { name, host: new URL(url).host, events: [...events], tenants: tenants ? [...tenants] : null, state: enable ? (goneSince === null ? 'on' : 'gone') : 'off', goneSince, ...known };
    });
  }
}
