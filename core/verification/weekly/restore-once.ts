import type { Json } from '../../json'
import { readLedger } from '../../coordination/erasure-ledger'
import { replaySet } from '../../coordination/replay-set'
import type { Policy } from '../../policy'
import type { Ports } from '../../ports'
import type { InstanceRef } from '../../ports/database'
import { isPortError } from '../../ports/errors'
import type { WeeklyOutcome } from './weeks'

export type WeeklyVerdict = 'pass' | 'fail' | 'inconclusive'

/** One check of a copy, and what it saw. Counts, names of objects and times. */
export interface CopyCheck {
  readonly name: string
  readonly verdict: WeeklyVerdict
  readonly detail: Json
}

/** What a copy is asked besides its data. Looks, and changes nothing. */
export interface CopyInspection {
  /** The copy beside its source: the same ways to the same rows, and about as fast. */
  performance(source: InstanceRef, copy: InstanceRef): Promise<CopyCheck>
  /** TLS alone, nobody but the fence role gets in, what was revoked stays so, no role that nobody knows. */
  security(copy: InstanceRef, revoked: readonly string[]): Promise<CopyCheck>
  /** The copy on the next minor version, where there is one. */
  patch(copy: InstanceRef): Promise<CopyCheck>
}

export interface WeeklyWorld {
  readonly policy: Policy
  /** What the weeks belong to, such as a drill: a restore of one week happens once in each. */
  readonly run: string
  readonly ports: Pick<
    Ports,
    'clock' | 'restore' | 'inventory' | 'database' | 'copyRemoval' | 'evidence' | 'coordination'
  >
  readonly inspection: CopyInspection
  readonly writer: InstanceRef
  readonly pollEverySeconds: number
}

export interface WeeklyRestore {
  readonly dueAt: Date
  readonly which: WeeklyOutcome['which']
  /** The moment that is restored, ISO 8601. */
  readonly at: string
  readonly copy: InstanceRef
}

/** What may stay open: there is not always a newer version, and nothing else may be left unanswered. */
const MAY_BE_INCONCLUSIVE = new Set(['patch'])

/**
 * Restores one recovery point into isolation, examines the copy in full, and throws it away, whatever came of it. Passed only if
 * every check was answered well and the copy is proven gone. Called again for the same week it goes on with the same copy.
 */
export async function restoreOnce(world: WeeklyWorld, test: WeeklyRestore): Promise<WeeklyOutcome> {
  const { ports } = world
  const startedAt = ports.clock.now()
  const key = weeklyKey(world.run, test)
  const checks: CopyCheck[] = []
  const broken = await attempt(() => examine(world, test, key, checks))
  const left = await attempt(() => remove(world, test.copy, key, checks))
  const wanting = checks.find(
    ({ name, verdict }) => verdict === 'fail' || (verdict === 'inconclusive' && !MAY_BE_INCONCLUSIVE.has(name)),
  )
  const code = broken ?? (wanting ? codeOf(wanting) : (left ?? 'ALL_CHECKS_PASSED'))
  const passed = code === 'ALL_CHECKS_PASSED'
  await ports.evidence.append({
    key,
    kind: 'weekly-restore',
    subject: test.which,
    startedAt: startedAt.toISOString(),
    finishedAt: ports.clock.now().toISOString(),
    outcome: passed ? 'succeeded' : 'failed',
    measurements: {
      code,
      dueAt: test.dueAt.toISOString(),
      restored: test.at,
      instance: test.copy.instance,
      checks: Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict])),
      details: Object.fromEntries(checks.map(({ name, detail }) => [name, detail])),
    },
    artefacts: [],
    controls: ['RESTORE-TESTED'],
    actor: 'weekly-verification',
  })
  return { which: test.which, passed, code }
}

/** Under which a restore and its evidence stand. */
export const weeklyKey = (run: string, { dueAt, which }: Pick<WeeklyRestore, 'dueAt' | 'which'>): string =>
  `weekly-restore/${run}/${dueAt.toISOString()}/${which}`

/** The code of a port that failed; our own mistakes are thrown as they are. */
async function attempt(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (!isPortError(error)) throw error
    return error.code
  }
}

const codeOf = ({ name, verdict }: CopyCheck): string => `${name}_${verdict}`.replaceAll('-', '_').toUpperCase()

async function examine(world: WeeklyWorld, test: WeeklyRestore, key: string, checks: CopyCheck[]): Promise<void> {
  const { ports, policy, writer, inspection } = world
  const { copy, at } = test
  const mostSeconds = policy.objectives.rto.dataRecoveryMinutes * 60
  const restoreSeconds = await restore(world, test, key, mostSeconds)
  checks.push({
    name: 'restore-time',
    verdict: restoreSeconds <= mostSeconds ? 'pass' : 'fail',
    detail: { restoreSeconds, mostSeconds },
  })
  const heartbeat = await ports.database.lastHeartbeat(copy)
  checks.push(freshness(policy, at, heartbeat?.at))
  const ledger = await readLedger(ports.coordination)
  const lacking = replaySet(ledger, heartbeat?.at, policy.failover.ledgerSkewSeconds)
  const { applied, residue } = await ports.database.replayLedger(copy, lacking)
  checks.push({ name: 'ledger', verdict: residue === 0 ? 'pass' : 'fail', detail: { applied, residue } })
  checks.push(...(await ports.database.validate(copy)).checks)
  const revoked = ledger.entries.flatMap(({ kind, subjectId }) => (kind === 'access-revocation' ? [subjectId] : []))
  checks.push(await inspection.security(copy, revoked))
  checks.push(await inspection.performance(writer, copy))
  checks.push(await inspection.patch(copy))
}

/** Seconds until the copy answers. Asked for again at each look, since a restore that failed is told to whoever asks for it. */
async function restore(
  { ports, writer, pollEverySeconds }: WeeklyWorld,
  { at, copy }: WeeklyRestore,
  key: string,
  mostSeconds: number,
): Promise<number> {
  const beganMs = ports.clock.monotonicMs()
  const seconds = () => (ports.clock.monotonicMs() - beganMs) / 1000
  for (;;) {
    await ports.restore.begin(writer, { key, at, copy })
    const made = await ports.inventory.describe(copy)
    if (made?.status === 'available' && made.role === 'primary') return seconds()
    // One that outlasts its objective has failed it.
    if (seconds() > mostSeconds) return seconds()
    await ports.clock.sleep(pollEverySeconds * 1000)
  }
}

function freshness({ restoreTesting, pace }: Policy, at: string, heartbeatAt: string | undefined): CopyCheck {
  const mostSeconds =
    restoreTesting.mode === 'scheduled' ? restoreTesting.oldestHeartbeatMinutes * 60 : pace.lease.durationSeconds
  if (heartbeatAt === undefined) return { name: 'freshness', verdict: 'inconclusive', detail: {} }
  const lostSeconds = Math.max(0, (Date.parse(at) - Date.parse(heartbeatAt)) / 1000)
  return {
    name: 'freshness',
    verdict: lostSeconds <= mostSeconds ? 'pass' : 'fail',
    detail: { lostSeconds, mostSeconds },
  }
}

/** A copy holds what the database holds: that it is gone is looked at, not believed. */
async function remove(
  { ports }: WeeklyWorld,
  copy: InstanceRef,
  restoreKey: string,
  checks: CopyCheck[],
): Promise<void> {
  await ports.copyRemoval.remove(copy, { restoreKey })
  const left = await ports.inventory.describe(copy)
  checks.push({ name: 'removed', verdict: left ? 'fail' : 'pass', detail: { instance: copy.instance } })
}
