import { EvidenceChain } from '../../core/evidence'
import type { Ports } from '../../core/ports'
import type { ApplicationHook, ApplicationTier } from '../../core/ports/application-tier'
import type { Remedies } from '../../core/ports/compliance'
import type { DataValidation, FenceOutcome, InstanceRef, ReplaySet } from '../../core/ports/database'
import type { EvidenceDraft } from '../../core/ports/evidence-log'
import type { CorrectedFields } from '../../core/coordination/corrections'
import type { HealthSignal } from '../../core/ports/health'
import type { LaterWrites } from '../../core/ports/later-writes'
import type { Reporter } from '../../core/ports/reporter'
import type { RestoreTarget } from '../../core/ports/restore'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'
import { guardDecision } from '../../core/coordination/lease'
import { readEpoch, type WriterEpoch } from '../../core/coordination/writer-epoch'
import { PortError } from '../../core/ports/errors'
import { MemoryAccount } from './account'
import { MemoryApplicationTier } from './application-tier'
import { VirtualClock } from './clock'
import { MemoryConditionalStore } from './conditional-store'
import { applyEntry, databaseNode, endLease, takesWrites, type DatabaseNode } from './database-node'
import { MemoryDeployments } from './deployments'
import { Recorder } from './faults'
import { incidentResponsePorts, QUIET, type Intrusion } from './incident-response'
import { MemoryLaterWrites } from './later-writes'
import { MemorySecretCopies, tellingCopies } from './secret-copies'
import { MemoryTrafficSwitch } from './traffic-switch'
import { NOTHING_BROKEN } from './controls'
import type { WorldSettings } from './world-settings'
import { MemoryWriteOnceStore } from './write-once-store'

export type { WorldSettings } from './world-settings'

export const PRIMARY: InstanceRef = { region: 'sa-east-1', instance: 'clinic-g1' }
/** Since when commit times are known. */
const LONG_AGO = '2021-01-01T00:00:00.000Z'
export const REPLICA: InstanceRef = { region: 'eu-west-1', instance: 'clinic-g2' }

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
  readonly primary: DatabaseNode
  readonly replica: DatabaseNode

  /** What the observers say, what the fence can do, and what the validation finds: to be set by a test. */
  signals: readonly HealthSignal['verdict'][] = ['down', 'down']
  fence: 'reachable' | 'unreachable' | 'not-proven' = 'unreachable'
  verdict: DataValidation['verdict'] = 'pass'
  /** The newest heartbeat of every database. @default what its writer could write, and replication carried on */
  heartbeat: { sequence: number; at: string } | undefined
  /** Log of the writer, and how much of it its replica has not replayed yet. */
  written = 1
  replicaBehind = 0
  /** Subjects that stay as they are whatever is replayed, and the fields of corrections that can be opened. */
  readonly stubborn = new Set<string>()
  readonly corrections = new Map<string, CorrectedFields>()
  /** Places the old primary's guard can read. */
  guardReads: readonly ('recovery' | 'witness')[] = ['recovery', 'witness']

  /** What is brought up besides the database. */
  readonly application: MemoryApplicationTier

  /** What is released of the platform. */
  readonly deployments = new MemoryDeployments(this.clock, (effect) => this.effects.push(`deploy ${effect}`))
  /** Secrets of the application, made in the primary region. */
  readonly secretCopies = new MemorySecretCopies()

  /** What a validation of the controls comes to. */
  controls = NOTHING_BROKEN

  /** The account around the databases. */
  readonly account = new MemoryAccount(this.clock)

  /** How far back history reaches, and how long ago it ends; markers and transactions by the moment they stand for. */
  history = { seconds: 35 * 86_400, shippedEverySeconds: 300 }
  readonly moments = new Map<string, string>()
  readonly withoutHistory = new Set<string>()
  /** Whether what is restored comes to nothing. */
  restoreFails = false

  /** How long a restore takes that begins now. */
  restoreSeconds: number

  /** What was written after a moment: three rows, and one that was deleted, after any that a run returns to. */
  readonly laterWrites = new MemoryLaterWrites(LONG_AGO)

  /** What an attacker has left, and how long the copies for the investigation take. */
  readonly intrusion: Intrusion = { ...QUIET }

  private readonly nodes: DatabaseNode[] = []
  /** By the key that asked for the failover. */
  private readonly zonesLeft = new Map<string, string>()
  private readonly trafficSwitch: MemoryTrafficSwitch
  private readonly chain = new EvidenceChain(new MemoryWriteOnceStore(), {
    region: REPLICA.region,
    writer: 'runbook',
    environment: 'test',
    policyHash: 'f'.repeat(64),
  })
  private readonly guardHeardAtMs = new Map<DatabaseNode, number>()

  constructor(readonly settings: WorldSettings) {
    this.restoreSeconds = settings.restoreSeconds ?? 600
    const leaseMs = settings.lease.durationSeconds * 1000
    this.primary = this.add(databaseNode(PRIMARY, { leaseUntilMs: leaseMs, epoch: 1 }))
    this.replica = this.addReplica(REPLICA, PRIMARY)
    for (const id of ['1', '2', '3'])
      this.laterWrites.write({ table: 'clinic.records', id, at: this.clock.now().toISOString() })
    this.laterWrites.delete({ table: 'clinic.invoices', id: '1', at: this.clock.now().toISOString() })
    for (const name of ['application', 'login-clinic-app']) this.secretCopies.hold(name, PRIMARY.region, REPLICA.region)
    this.application = new MemoryApplicationTier(this.clock, settings.applicationStartSeconds ?? 0)
    this.trafficSwitch = new MemoryTrafficSwitch({ home: PRIMARY, ttlSeconds: settings.ttlSeconds }, this.clock)
  }

  /** Starts the coordination: the primary holds epoch 1 in both places. */
  async start(): Promise<this> {
    const held: WriterEpoch = {
      epoch: 1,
      holder: PRIMARY.region,
      instance: PRIMARY.instance,
      raisedBy: 'deployment',
      continues: 1,
    }
    await this.stores.recovery.create('writer-epoch', { ...held })
    await this.stores.witness.create('writer-epoch', { ...held })
    return this
  }

  /** A replica as it is created anew: it follows `source` and holds everything that it has. */
  addReplica(ref: InstanceRef, source: InstanceRef): DatabaseNode {
    return this.add(databaseNode(ref, { role: 'replica', source, loginsOpen: false }))
  }

  /** A database that somebody made for reasons of their own. */
  addOther(node: DatabaseNode): void {
    this.add(node)
  }

  /** Whether the database exists. */
  has(ref: InstanceRef): boolean {
    return this.find(ref) !== undefined
  }

  /** Whether a client with an open session could commit a row right now. */
  isWritable(which: Which): boolean {
    this.settle()
    return takesWrites(this.nodeOf(which), this.clock.monotonicMs())
  }

  /** All databases that take writes: more than one is the state that must be impossible. */
  writers(): InstanceRef[] {
    this.settle()
    return this.nodes.filter((node) => takesWrites(node, this.clock.monotonicMs())).map(({ ref }) => ref)
  }

  /** One round of a database's guard, by the same decision function as the real one; it may hang after its reads. */
  async guard(which: Which, hang: () => Promise<void> = async () => {}): Promise<void> {
    this.settle()
    const node = this.nodeOf(which)
    if (node.role === 'replica' || !node.alive) return
    const startedMs = this.clock.monotonicMs()
    const reads = await Promise.all(this.guardReads.map((place) => readEpoch(this.stores[place])))
    const epochs = reads.filter((epoch) => epoch !== undefined)
    await hang()
    if (epochs.length > 0) this.guardHeardAtMs.set(node, startedMs)
    const leaseMs = this.settings.lease.durationSeconds * 1000
    const silentMs = startedMs - (this.guardHeardAtMs.get(node) ?? 0)
    const decision = guardDecision({ instance: node.ref, places: 2, epochs, silentMs, leaseMs })
    if (decision.kind === 'close') endLease(node, decision.by ?? 0)
    if (decision.kind !== 'renew') return
    const { epoch, continues } = decision
    if (node.epoch < continues || node.epoch > epoch || node.endedBy >= epoch) return
    Object.assign(node, { epoch, endedBy: 0, leaseUntilMs: Math.max(node.leaseUntilMs, startedMs + leaseMs) })
    if (decision.reopen) node.loginsOpen = true
  }

  /** The ports of a runbook in the recovery region, as one process has them: it can be made to fail by its own recorder. */
  ports(recorder: Recorder = this.recorder): Ports {
    const watch = recorder.watch.bind(recorder)
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
          const { role, source, zone, change, alive, gaveUp } = found
          const status = change?.kind === 'promotion' ? 'promoting' : gaveUp ? 'failed' : 'other'
          return {
            ...ref,
            status: change || !alive ? status : ('available' as const),
            role,
            zone,
            ...(role === 'replica' && source ? { source: source.instance } : {}),
            endpoint: { host: `${ref.instance}.${ref.region}.db.test`, port: 5432 },
          }
        },
      }),
      promotion: watch('promotion', {
        promote: async (ref: InstanceRef, { key }: { key: string }) => {
          const node = this.at(ref)
          if (node.role === 'primary' || node.change) return
          this.begin(node, 'promotion', key, this.settings.promotionSeconds)
          this.effects.push(`promote ${key}`)
        },
      }),
      zoneStandby: watch('zoneStandby', {
        failOver: async (ref: InstanceRef, { key }: { key: string }) => {
          const node = this.at(ref)
          const before = this.zonesLeft.get(key)
          if (before !== undefined) return { leaves: before }
          if (node.role === 'replica' || node.change)
            throw new PortError('conflict', 'NO_STANDBY', `'${ref.instance}' has no standby that could take over now`)
          const leaves = node.zone
          this.zonesLeft.set(key, leaves)
          // The control plane takes the disk away from the old host first.
          node.alive = false
          this.begin(node, 'zone-failover', key, this.settings.zoneFailoverSeconds ?? this.settings.promotionSeconds)
          this.effects.push(`fail-over ${key}`)
          return { leaves }
        },
      }),
      restore: watch('restore', {
        window: async (ref: InstanceRef) => {
          this.at(ref)
          if (this.withoutHistory.has(ref.instance)) return undefined
          const ago = (seconds: number) => new Date(this.clock.now().getTime() - seconds * 1000).toISOString()
          return { earliest: ago(this.history.seconds), latest: ago(this.history.shippedEverySeconds) }
        },
        momentOf: async (_: InstanceRef, target: RestoreTarget) => {
          if (target.kind === 'time') return new Date(target.at).toISOString()
          return this.moments.get(target.kind === 'marker' ? target.name : target.id)
        },
        begin: async (source: InstanceRef, { key, at, copy }: Parameters<Ports['restore']['begin']>[1]) => {
          const existing = this.find(copy)
          if (existing?.change?.key === key || existing?.doneBy.has(key)) return
          if (existing) throw new PortError('conflict', 'COPY_EXISTS', `'${copy.instance}' exists already`)
          const { epoch } = this.at(source)
          const made = this.add(databaseNode(copy, { source, epoch, loginsOpen: false, alive: false }))
          this.begin(made, 'restore', key, this.restoreSeconds)
          this.effects.push(`restore ${at} ${key}`)
        },
      }),
      copyRemoval: watch('copyRemoval', {
        remove: async (copy: InstanceRef, { restoreKey }: { restoreKey: string }) => {
          const found = this.find(copy)
          if (!found) return
          if (!found.doneBy.has(restoreKey) && found.change?.key !== restoreKey)
            throw new PortError('denied', 'NOT_A_TEST_COPY', `'${copy.instance}' was not made by this restore`)
          if (found.loginsOpen)
            throw new PortError('denied', 'COPY_IN_USE', `'${copy.instance}' has been opened since it was made`)
          this.nodes.splice(this.nodes.indexOf(found), 1)
          this.effects.push(`remove ${copy.instance}`)
        },
      }),
      laterWrites: watch('laterWrites', {
        list: async (source: InstanceRef, request: Parameters<LaterWrites['list']>[1]) => {
          this.at(source)
          this.at(request.recovered)
          return this.laterWrites.list(source, request)
        },
      }),
      ...incidentResponsePorts(watch, (ref) => this.at(ref), this),
      fence: watch('fence', {
        close: async (ref: InstanceRef, { key, epoch }: { key: string; epoch: number }) => {
          const node = this.find(ref)
          return node ? this.close(node, key, epoch) : ({ kind: 'unreachable' } as const)
        },
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
          this.settle()
          const { beatMs } = this.at(ref)
          return this.heartbeat ?? { sequence: Math.floor(beatMs), at: this.moment(beatMs) }
        },
        holdsUpTo: async (ref: InstanceRef, position: string) => {
          const { role } = this.at(ref)
          const held = role === 'primary' ? this.written : this.written - this.replicaBehind
          return held >= Number.parseInt(position.replace('/', ''), 16)
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
        replayLedger: async (ref: InstanceRef, { entries, head }: ReplaySet) => {
          const node = this.at(ref)
          const { appliedLedger } = node
          if (Math.max(0, ...appliedLedger) > head)
            throw new PortError('conflict', 'LEDGER_BEHIND', `'${ref.instance}' was given more than ${head} entries`)
          const missing = entries.filter(({ sequence }) => !appliedLedger.has(sequence))
          const lost = missing.find(({ kind, id }) => kind === 'correction' && !this.corrections.has(id))
          if (lost) throw new PortError('conflict', 'CORRECTION_MISSING', `correction '${lost.id}' is gone`)
          const residue = entries.filter(({ subjectId }) => this.stubborn.has(subjectId)).length
          if (residue > 0) return { applied: 0, residue }
          this.effects.push(...missing.map((entry) => applyEntry(node, entry, this.corrections.get(entry.id))))
          return { applied: missing.length, residue: 0 }
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
        bringUp: (...call: Parameters<ApplicationTier['bringUp']>) =>
          this.noting(this.application.effects, () => this.application.bringUp(...call)),
        // It serves nobody without a database that takes its writes.
        healthy: async (hook: ApplicationHook) => this.writers().length > 0 && (await this.application.healthy(hook)),
      }),
      deployments: watch('deployments', this.deployments),
      secretCopies: watch('secretCopies', tellingCopies(this.secretCopies, this.effects)),
      controls: watch('controls', { validate: async () => this.controls }),
      compliance: watch('compliance', this.account),
      remedies: watch('remedies', {
        restore: (...call: Parameters<Remedies['restore']>) =>
          this.noting(this.account.effects, () => this.account.restore(...call)),
      }),
      trafficSwitch: watch('trafficSwitch', {
        point: (...call: Parameters<TrafficSwitch['point']>) =>
          this.noting(this.trafficSwitch.moves, () => this.trafficSwitch.point(...call), 'switch '),
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

  /** Keeps what a call of a part of this world has really done among the effects of the whole. */
  private async noting<T>(done: readonly string[], call: () => Promise<T>, as = ''): Promise<T> {
    const before = done.length
    const answer = await call()
    this.effects.push(...done.slice(before).map((effect) => `${as}${effect}`))
    return answer
  }

  private add(node: DatabaseNode): DatabaseNode {
    this.nodes.push(node)
    return node
  }

  private nodeOf(which: Which): DatabaseNode {
    if (which === 'primary') return this.primary
    return which === 'replica' ? this.replica : this.at(which)
  }

  private find({ region, instance }: InstanceRef): DatabaseNode | undefined {
    return this.nodes.find(({ ref }) => ref.instance === instance && ref.region === region)
  }

  /** The database of that name. */
  at(ref: InstanceRef): DatabaseNode {
    const found = this.find(ref)
    if (found) return found
    throw new PortError('invalid', 'INSTANCE_MISSING', `'${ref.instance}' does not exist in ${ref.region}`)
  }

  private close(node: DatabaseNode, key: string, epoch: number): FenceOutcome {
    if (this.fence === 'unreachable') return { kind: 'unreachable' }
    if (this.fence === 'not-proven') return { kind: 'not-proven', rolesStillWriting: ['clinic_app'] }
    if (!this.effects.includes(`fence ${key}`)) this.effects.push(`fence ${key}`)
    endLease(node, epoch)
    return {
      kind: 'fenced',
      rolesRefused: ['clinic_app'],
      sessionsTerminated: 1,
      writtenUpTo: `0/${this.written.toString(16).toUpperCase()}`,
    }
  }

  private moment(elapsedMs: number): string {
    return new Date(this.clock.now().getTime() - this.clock.monotonicMs() + elapsedMs).toISOString()
  }

  private begin(
    node: DatabaseNode,
    kind: NonNullable<DatabaseNode['change']>['kind'],
    key: string,
    seconds: number,
  ): void {
    node.change = { kind, key, endsMs: this.clock.monotonicMs() + seconds * 1000 }
  }

  /** Lets happen what takes time. */
  private settle(): void {
    const nowMs = this.clock.monotonicMs()
    for (const node of this.nodes) {
      if (!node.change || nowMs < node.change.endsMs) continue
      const { kind, key } = node.change
      delete node.change
      node.gaveUp = kind === 'restore' && this.restoreFails
      node.alive = !node.gaveUp
      if (kind === 'promotion') this.promoted(node)
      if (kind === 'zone-failover') node.zone = node.zone === 'a' ? 'b' : 'a'
      node.doneBy.add(key)
    }
    for (const node of this.nodes) if (takesWrites(node, nowMs)) this.beat(node, nowMs)
  }

  /** A guard beats while the database may write, and the beat is replicated. */
  private beat(writer: DatabaseNode, nowMs: number): void {
    writer.beatMs = nowMs
    for (const node of this.nodes)
      if (node.role === 'replica' && node.source?.instance === writer.ref.instance) node.beatMs = nowMs
  }

  /** A promoted replica holds the source's roles, so its logins are open until closed. */
  private promoted(node: DatabaseNode): void {
    node.role = 'primary'
    node.loginsOpen = true
    const source = node.source && this.find(node.source)
    if (!source) return
    // The lease row came over by replication: it is as old as the source's at most, and nothing here granted it.
    const { leaseUntilMs, epoch, endedBy } = source
    Object.assign(node, { leaseUntilMs, epoch, endedBy })
  }
}

/** A database by its part in the story, or by its name. */
export type Which = 'primary' | 'replica' | InstanceRef
