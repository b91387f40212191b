import { EvidenceChain } from '../../core/evidence'
import type { Ports } from '../../core/ports'
import type { ApplicationHook, ApplicationTier } from '../../core/ports/application-tier'
import type { DataValidation, FenceOutcome, InstanceRef, LedgerEntry } from '../../core/ports/database'
import type { EvidenceDraft } from '../../core/ports/evidence-log'
import type { HealthSignal } from '../../core/ports/health'
import type { Reporter } from '../../core/ports/reporter'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'
import { guardDecision } from '../../core/coordination/lease'
import { readEpoch, type WriterEpoch } from '../../core/coordination/writer-epoch'
import { PortError } from '../../core/ports/errors'
import { MemoryApplicationTier } from './application-tier'
import { VirtualClock } from './clock'
import { MemoryConditionalStore } from './conditional-store'
import { Recorder } from './faults'
import { MemoryTrafficSwitch } from './traffic-switch'
import { MemoryWriteOnceStore } from './write-once-store'

export const PRIMARY: InstanceRef = { region: 'sa-east-1', instance: 'clinic-g1' }
export const REPLICA: InstanceRef = { region: 'eu-west-1', instance: 'clinic-g2' }

export interface WorldSettings {
  readonly lease: { readonly durationSeconds: number; readonly marginSeconds: number }
  readonly promotionSeconds: number
  /** From being brought up to being well. @default at once */
  readonly applicationStartSeconds?: number
  /** How long clients remember the served name. */
  readonly ttlSeconds: number
}

interface Instance {
  role: 'primary' | 'replica'
  loginsOpen: boolean
  /** Moment, on the virtual clock, until which the database takes writes. */
  leaseUntilMs: number
  /** Epoch its lease was last granted or renewed for. */
  epoch: number
  /** Epoch in whose name its lease was ended. */
  endedBy: number
  appliedLedger: Set<number>
  provenKeys: Set<string>
}

/**
 * Two regions and a witness on a virtual clock: a primary with its guard and write lease, a replica, the coordination
 * stores, the traffic switch and the evidence, all reached through ports that are recorded and can be made to fail.
 * The database's own rule is the real one: a write needs an open login and a lease that has not ended.
 */
export class MemoryWorld {
  readonly clock = new VirtualClock()
  readonly recorder = new Recorder()
  readonly stores = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  readonly evidence = new Map<string, EvidenceDraft>()
  /** Progress, as it was told. */
  readonly messages: Parameters<Reporter['emit']>[0][] = []
  /** Effects that must happen once, in order, with the key that asked for them. */
  readonly effects: string[] = []
  readonly primary: Instance
  readonly replica: Instance

  /** What the observers say, what the fence can do, and what the validation finds: to be set by a test. */
  signals: readonly HealthSignal['verdict'][] = ['down', 'down']
  fence: 'reachable' | 'unreachable' | 'not-proven' = 'unreachable'
  verdict: DataValidation['verdict'] = 'pass'
  heartbeat: { sequence: number; at: string } | undefined
  /** Places the old primary's guard can read. */
  guardReads: readonly ('recovery' | 'witness')[] = ['recovery', 'witness']

  /** What is brought up besides the database. */
  readonly application: MemoryApplicationTier

  private promotedAtMs: number | undefined
  private readonly trafficSwitch: MemoryTrafficSwitch
  private readonly chain = new EvidenceChain(new MemoryWriteOnceStore(), {
    region: REPLICA.region,
    writer: 'runbook',
    environment: 'test',
    policyHash: 'f'.repeat(64),
  })
  private readonly guardHeardAtMs = { primary: 0, replica: 0 }

  constructor(readonly settings: WorldSettings) {
    const leaseMs = settings.lease.durationSeconds * 1000
    this.primary = instance('primary', leaseMs)
    this.replica = instance('replica', 0)
    this.heartbeat = { sequence: 1, at: this.clock.now().toISOString() }
    this.application = new MemoryApplicationTier(this.clock, settings.applicationStartSeconds ?? 0)
    this.trafficSwitch = new MemoryTrafficSwitch({ home: PRIMARY.region, ttlSeconds: settings.ttlSeconds }, this.clock)
  }

  /** Starts the coordination: the primary region holds epoch 1 in both places. */
  async start(): Promise<this> {
    const held: WriterEpoch = { epoch: 1, holder: PRIMARY.region, raisedBy: 'deployment', continues: 1 }
    await this.stores.recovery.create('writer-epoch', { ...held })
    await this.stores.witness.create('writer-epoch', { ...held })
    return this
  }

  /** Whether a client with an open session could commit a row right now. */
  isWritable(which: 'primary' | 'replica'): boolean {
    this.settle()
    const { role, loginsOpen, leaseUntilMs } = this[which]
    return role === 'primary' && loginsOpen && this.clock.monotonicMs() < leaseUntilMs
  }

  /** One round of a region's guard, by the same decision function as the real one; it may hang after its reads. */
  async guard(which: 'primary' | 'replica', hang: () => Promise<void> = async () => {}): Promise<void> {
    this.settle()
    const node = this[which]
    if (node.role === 'replica') return
    const startedMs = this.clock.monotonicMs()
    const reads = await Promise.all(this.guardReads.map((place) => readEpoch(this.stores[place])))
    const epochs = reads.filter((epoch) => epoch !== undefined)
    await hang()
    if (epochs.length > 0) this.guardHeardAtMs[which] = startedMs
    const leaseMs = this.settings.lease.durationSeconds * 1000
    const silentMs = startedMs - this.guardHeardAtMs[which]
    const { region } = which === 'primary' ? PRIMARY : REPLICA
    const decision = guardDecision({ region, places: 2, epochs, silentMs, leaseMs })
    if (decision.kind === 'close') endLease(node, decision.by ?? 0)
    if (decision.kind !== 'renew') return
    const { epoch, continues } = decision
    if (node.epoch < continues || node.epoch > epoch || node.endedBy >= epoch) return
    Object.assign(node, { epoch, endedBy: 0, leaseUntilMs: Math.max(node.leaseUntilMs, startedMs + leaseMs) })
    if (decision.reopen) node.loginsOpen = true
  }

  /** The ports of a runbook in the recovery region. */
  ports(): Ports {
    const watch = this.recorder.watch.bind(this.recorder)
    return {
      clock: this.clock,
      reporter: { emit: (message) => void this.messages.push(message) },
      coordination: {
        recovery: watch('recovery', this.stores.recovery),
        witness: watch('witness', this.stores.witness),
      },
      inventory: watch('inventory', {
        describe: async (ref: InstanceRef) => {
          this.settle()
          const found = this.find(ref)
          if (!found) return undefined
          const { role } = found
          const promoting = role === 'replica' && ref.instance === REPLICA.instance && this.promotedAtMs !== undefined
          return {
            ...ref,
            status: promoting ? ('promoting' as const) : ('available' as const),
            role,
            ...(role === 'replica' ? { source: PRIMARY.instance } : {}),
            endpoint: { host: `${ref.instance}.${ref.region}.db.test`, port: 5432 },
          }
        },
      }),
      promotion: watch('promotion', {
        promote: async (ref: InstanceRef, { key }: { key: string }) => {
          if (this.at(ref).role === 'primary' || this.promotedAtMs !== undefined) return
          this.promotedAtMs = this.clock.monotonicMs()
          this.effects.push(`promote ${key}`)
        },
      }),
      fence: watch('fence', {
        close: async (ref: InstanceRef, { key, epoch }: { key: string; epoch: number }) =>
          this.find(ref) === this.primary ? this.close(key, epoch) : ({ kind: 'unreachable' } as const),
      }),
      health: watch('health', {
        signals: async () => {
          const kinds = ['health-checkers', 'replication-receiver'] as const
          const observedAt = this.clock.now().toISOString()
          return kinds.map((kind, at) => ({ kind, verdict: this.signals[at] ?? 'unknown', observedAt }))
        },
      }),
      database: watch('database', {
        inRecovery: async (ref: InstanceRef) => {
          this.settle()
          return this.at(ref).role === 'replica'
        },
        lastHeartbeat: async (ref: InstanceRef) => {
          this.at(ref)
          return this.heartbeat
        },
        closeLogins: async (ref: InstanceRef) => {
          this.at(ref).loginsOpen = false
          return { roles: ['clinic_app'] }
        },
        proveWrite: async (ref: InstanceRef, key: string) => {
          this.settle()
          const { provenKeys, role } = this.at(ref)
          if (role === 'replica') throw new PortError('conflict', '25006', `'${ref.instance}' takes no writes`)
          if (!provenKeys.has(key)) this.effects.push(`prove ${key}`)
          provenKeys.add(key)
          return { position: '0/1' }
        },
        validate: async (ref: InstanceRef) => {
          this.at(ref)
          return { verdict: this.verdict, checks: [{ name: 'counts', verdict: this.verdict, detail: {} }] }
        },
        replayLedger: async (ref: InstanceRef, entries: readonly LedgerEntry[]) => {
          const { appliedLedger } = this.at(ref)
          const missing = entries.filter(({ sequence }) => !appliedLedger.has(sequence))
          for (const { sequence, subjectId } of missing) {
            appliedLedger.add(sequence)
            this.effects.push(`erase ${subjectId}`)
          }
          return { applied: missing.length }
        },
        openLogins: async (ref: InstanceRef, epoch: number) => {
          const node = this.at(ref)
          if (node.epoch !== epoch) this.effects.push(`open ${epoch}`)
          // The guard of the recovery region renews from now on; never ending is the worst case for a second writer.
          Object.assign(node, { epoch, endedBy: 0, loginsOpen: true, leaseUntilMs: Number.POSITIVE_INFINITY })
          return { roles: ['clinic_app'] }
        },
      }),
      application: watch('application', {
        bringUp: async (...call: Parameters<ApplicationTier['bringUp']>) => {
          const before = this.application.broughtUp.length
          await this.application.bringUp(...call)
          if (this.application.broughtUp.length > before) this.effects.push(`bring-up ${call[1].key}`)
        },
        // It serves nobody without a database that takes its writes.
        healthy: async (hook: ApplicationHook) => this.isWritable('replica') && (await this.application.healthy(hook)),
      }),
      trafficSwitch: watch('trafficSwitch', {
        point: async (...call: Parameters<TrafficSwitch['point']>) => {
          const before = this.trafficSwitch.moves.length
          await this.trafficSwitch.point(...call)
          this.effects.push(...this.trafficSwitch.moves.slice(before).map((move) => `switch ${move}`))
        },
        served: () => this.trafficSwitch.served(),
      }),
      evidence: watch('evidence', {
        append: async (draft: EvidenceDraft) => {
          const record = await this.chain.append(draft)
          if (!this.evidence.has(draft.key)) {
            this.evidence.set(draft.key, draft)
            this.effects.push(`record ${draft.key}`)
          }
          return record
        },
      }),
    }
  }

  private find(ref: InstanceRef): Instance | undefined {
    return [
      { known: PRIMARY, instance: this.primary },
      { known: REPLICA, instance: this.replica },
    ].find(({ known }) => known.instance === ref.instance && known.region === ref.region)?.instance
  }

  private at(ref: InstanceRef): Instance {
    const found = this.find(ref)
    if (found) return found
    throw new PortError('invalid', 'INSTANCE_MISSING', `'${ref.instance}' does not exist in ${ref.region}`)
  }

  private close(key: string, epoch: number): FenceOutcome {
    if (this.fence === 'unreachable') return { kind: 'unreachable' }
    if (this.fence === 'not-proven') return { kind: 'not-proven', rolesStillWriting: ['clinic_app'] }
    if (this.primary.loginsOpen) this.effects.push(`fence ${key}`)
    endLease(this.primary, epoch)
    return { kind: 'fenced', rolesRefused: ['clinic_app'], sessionsTerminated: 1 }
  }

  /** Lets happen what takes time. A promoted replica holds the source's roles, so its logins are open until closed. */
  private settle(): void {
    if (this.promotedAtMs === undefined || this.replica.role === 'primary') return
    if (this.clock.monotonicMs() - this.promotedAtMs < this.settings.promotionSeconds * 1000) return
    this.replica.role = 'primary'
    this.replica.loginsOpen = true
    // The lease row came over by replication: it is as old as the primary's at most, and nothing here granted it.
    const { leaseUntilMs, epoch, endedBy } = this.primary
    Object.assign(this.replica, { leaseUntilMs, epoch, endedBy })
  }
}

/** What closing a database does to it; a fence and a guard do the same. */
function endLease(node: Instance, by: number): void {
  Object.assign(node, {
    loginsOpen: false,
    leaseUntilMs: Number.NEGATIVE_INFINITY,
    endedBy: Math.max(node.endedBy, by),
  })
}

const instance = (role: Instance['role'], leaseUntilMs: number): Instance => ({
  role,
  loginsOpen: role === 'primary',
  leaseUntilMs,
  epoch: role === 'primary' ? 1 : 0,
  endedBy: 0,
  appliedLedger: new Set(),
  provenKeys: new Set(),
})
