import type { Claims, PasswordHistory, Sessions, User, UserStore } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { AccountChangedHook } from './account-change.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { requestContext, type RequestContext } from './audit/request-context.ts';
import type { ListenerChain } from './chain/listener-chain.ts';
import { TraceLog } from './chain/operation-trace.ts';
import { Unavailable } from './chain/unavailable.ts';
import type { UserOperationListener, UserOperations } from './chain/user-operation.ts';
import { configuredChain, type ChainConfig, type ConfiguredChain } from './configured-chain.ts';
import type { StoredSettings } from './connector/stored-settings.ts';
import { loadThirdParties, noThirdParties, type ThirdParties } from './third-party/third-parties.ts';
import type { ThirdPartyModules } from './third-party/third-party-module.ts';

export interface GoverningChainParts<Config extends ChainConfig> {
  readonly database: Database;
  readonly store: UserStore;
  readonly sessions: Sessions;
  readonly history: PasswordHistory;
  /** What the tenants' administrators have set. */
  readonly stored: StoredSettings;
  /** Told of changes of accounts, in their transactions. */
  readonly tell: AccountChangedHook;
  readonly config: Config;
  readonly log: Logger;
  /** Told of every operation; default: nobody is. */
  readonly audit?: Pick<AuditLog, 'add'>;
  /** What `loadThirdParties` made of `config`; without them there must be none. */
  readonly thirdParties?: ThirdParties;
  /** Of the program's own; `config.listeners` has their settings too. */
  readonly listeners?: readonly UserOperationListener[];
}

/** A chain, and the configuration that asked for it. */
interface Governing<Config> extends ConfiguredChain {
  readonly config: Config;
}

/** The chain that operations go through, and how another configuration takes its place. */
export class GoverningChain<Config extends ChainConfig> {
  private readonly identityDataReadAhead = new WeakMap<UserOperations['getClaims'], Claims>();
  /** Those of operations before a change of the configuration too. */
  private readonly traces = new TraceLog();
  private readonly ofRequest = new WeakMap<RequestContext, Governing<Config>>();
  private modules: ThirdPartyModules;
  private latest: Governing<Config>;

  /** @throws ListenerChainError where the configured chain cannot be built */
  constructor(private readonly parts: GoverningChainParts<Config>) {
    const thirdParties = parts.thirdParties ?? noThirdParties;
    this.latest = this.chainOf(parts.config, thirdParties);
    this.modules = thirdParties.modules;
  }

  /**
   * What an operation is governed by that begins now. All operations of one request are governed by what the first of them was: an
   * operation asks once, and uses what it got to its end.
   */
  get current(): Governing<Config> {
    const request = requestContext();
    if (!request) return this.latest;
    const began = this.ofRequest.get(request) ?? this.latest;
    this.ofRequest.set(request, began);
    return began;
  }

  /**
   * @param alongside swaps what else follows the configuration, at the same moment
   * @throws ListenerChainError where the chain cannot be built, or a module of a third party cannot be loaded: all stays as it is
   */
  async reconfigure(config: Config, alongside: () => void): Promise<void> {
    const { log } = this.parts;
    const modules = this.modules.next();
    try {
      const next = this.chainOf(config, await loadThirdParties(config, log, modules));
      alongside();
      this.latest = next;
    } catch (error) {
      modules.stopAllBut(this.modules, log);
      throw error;
    }
    this.modules.stopAllBut(modules, log);
    this.modules = modules;
  }

  /** @param identityData where it was read already, together with what `fromUserStore` gives */
  async claimsThrough(chain: ListenerChain, user: User, wanted: readonly string[] | null, fromUserStore: () => Claims | Promise<Claims>, identityData?: Claims): Promise<Claims> {
    const operation: UserOperations['getClaims'] = { user, asked: wanted, wanted, claims: {} };
    if (identityData) this.identityDataReadAhead.set(operation, identityData);
    const outcome = await chain.around('getClaims', operation, async () => {
      const asked = operation.wanted;
      const stored = asked?.length === 0 ? {} : await fromUserStore();
      operation.claims = asked === null ? stored : Object.fromEntries(Object.entries(stored).filter(([uri]) => asked.includes(uri)));
      return { result: null, performed: operation };
    });
    const refusal = outcome.kind === 'refused' ? outcome.refusal : outcome.objection;
    if (refusal) throw new (refusal.code === 'RKY-10007' ? Unavailable : Error)(`claims may not be read: ${refusal.code} ${refusal.message}`);
    return operation.claims;
  }

  private chainOf(config: Config, thirdParties: ThirdParties): Governing<Config> {
    const { database, store, history, stored, sessions, tell, log, audit, listeners = [] } = this.parts;
    const configured: ConfiguredChain = configuredChain(config, {
      database,
      store,
      read: (user, wanted) => this.claimsThrough(configured.chain, user, wanted, () => store.claimsOf(database, user.id)),
      readAhead: this.identityDataReadAhead,
      history,
      stored,
      sessions,
      tell,
      traces: this.traces,
      audit: audit ?? null,
      thirdParties,
      log,
      listeners,
    });
    return { ...configured, config };
  }
}
