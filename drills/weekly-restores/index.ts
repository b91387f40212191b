import { createHash } from 'node:crypto'
import { copyInspection } from '../../adapters/postgres/copy-inspection'
import { CLINIC_TABLES } from '../../adapters/postgres/clinic-schema'
import { allEnded } from '../../adapters/postgres/validation'
import { FENCE_ROLE } from '../../adapters/postgres/guard-schema'
import { systemClock } from '../../adapters/local/clock'
import { explained } from '../../adapters/local/disk-space'
import { startWorld, type LocalWorld } from '../../adapters/local/world'
import { SUPERUSER } from '../../adapters/local/world-plan'
import { appendToLedger, markApplied, readLedger } from '../../core/coordination/erasure-ledger'
import { replaySet } from '../../core/coordination/replay-set'
import { verdictOf, type DrillResult } from '../../core/measurement'
import type { Policy } from '../../core/policy'
import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'
import type { Reporter } from '../../core/ports/reporter'
import { restoreOnce, weeklyKey, type WeeklyWorld } from '../../core/verification/weekly/restore-once'
import { dueWeeks, judgeWeeks, type JudgedWeek, type Week } from '../../core/verification/weekly/weeks'
import { again } from '../again'
import { openDrillEvidence } from '../drill-evidence'
import { weeklyDumps } from './dumps'
import { LeapingClock } from './leaping-clock'
import { PLANTED, type PlantedWeek } from './planted'

export interface WeeklyRestoresOptions {
  readonly policy: Policy
  readonly rows: number
  readonly weeks: number
  /** What goes wrong, by the number of the week, from 1. */
  readonly planted: Readonly<Record<number, PlantedWeek>>
  /** Folder of evidence and keys. */
  readonly folder: string
}

export interface WeeklyRestoresResult {
  readonly drill: 'weekly-restores'
  readonly verdict: DrillResult['verdict']
  readonly weeks: readonly (JudgedWeek & { readonly planted?: PlantedWeek; readonly seconds: number | null })[]
  /** Records of restores, and those that would have been one for each restore that was carried out. */
  readonly evidence: { readonly records: number; readonly wanted: number }
  readonly objectives: DrillResult['objectives']
}

/** A login that is revoked while the weeks go by: what is restored from before has it still, until the ledger is replayed. */
const REVOKED = 'clinic_reporting'
const REVOKED_IN_WEEK = 2

/**
 * A season of weekly restores on a real PostgreSQL: each week clients have written more, and the newest state and an older one
 * that chance has chosen are restored into isolation, examined and thrown away. A week in which something was planted has to
 * turn red, and no other one may.
 */
export async function weeklyRestores(
  options: WeeklyRestoresOptions,
  reporter: Reporter,
): Promise<WeeklyRestoresResult> {
  const { policy, rows, folder, planted } = options
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })
  const clock = new LeapingClock()
  const runId = `weekly-restores-${clock
    .now()
    .toISOString()
    .replaceAll(/[^0-9]/g, '')}`
  const due = dueWeeks(policy, clock.now(), options.weeks)
  const startedAt = due[0]!.toISOString()
  say('building two regions and a witness')
  const world = await startWorld({
    policy,
    rows,
    replication: 'async',
    backups: true,
    // What production runs: the patch test then has a next version to go to.
    minor: policy.database.engineVersion,
  })
  try {
    clock.leapTo(due[0]!)
    const evidence = await openDrillEvidence(folder, world.plan.regions.recovery, policy, clock)
    const local = world.ports(evidence.chain, reporter)
    const ports: Ports = { ...local, clock }
    const weekly = weeklyWorld(policy, runId, world, ports)
    const dumps = await weeklyDumps(policy, runId, world, ports)
    if (!dumps) say("no dump is restored: PostgreSQL's client programs are missing; run 'npm run client:fetch'")
    const held: (Week & { readonly seconds: number })[] = []
    const moments: string[] = []
    let left = 0
    for (const [at, dueAt] of due.entries()) {
      const number = at + 1
      clock.leapTo(dueAt)
      if (number === REVOKED_IN_WEEK) await revoke(ports, world, clock)
      moments.push(await weekGoesBy(world, number))
      const dump = await dumps?.take()
      const trouble = planted[number]
      if (trouble === 'not-carried-out') continue
      say(
        `week ${number} of ${due.length}: restoring the newest state, an older one${dump === undefined ? '' : ' and the dump'}`,
      )
      const mend = trouble && (await PLANTED[trouble](world))
      try {
        const beganMs = clock.monotonicMs()
        const [latest, older] = [world.spares[0]!, world.spares[1]!]
        // Each in a server of its own, so that none waits for another.
        const outcomes = await allEnded([
          restoreOnce(weekly, { dueAt, which: 'latest', at: moments.at(-1)!, copy: latest }),
          restoreOnce(weekly, { dueAt, which: 'older', at: chosen(moments, dueAt), copy: older }),
          ...(dumps && dump !== undefined ? [dumps.restore(dueAt, dump)] : []),
        ])
        left += await countLeft(ports, world.spares)
        held.push({ dueAt: dueAt.toISOString(), outcomes, seconds: (clock.monotonicMs() - beganMs) / 1000 })
      } finally {
        await mend?.()
      }
    }
    clock.leapTo(new Date(due.at(-1)!.getTime() + DAY_MS))
    const judged = judgeWeeks(policy, due, held, clock.now(), [
      'latest',
      'older',
      ...(dumps ? (['dump'] as const) : []),
    ])
    const restores = held.flatMap(({ dueAt, outcomes }) =>
      outcomes.map(({ which }) => weeklyKey(runId, { dueAt: new Date(dueAt), which })),
    )
    const recorded = await Promise.all(restores.map((key) => evidence.chain.holds(key)))
    const [records, wanted] = [recorded.filter(Boolean).length, restores.length]
    const objectives = objectivesOf(judged, planted, { unrecorded: wanted - records, left })
    const verdict = verdictOf(objectives)
    await evidence.record(verdict, objectives, {
      key: runId,
      subject: 'weekly-restores',
      startedAt,
      measurements: {
        run: runId,
        weeks: judged.map(({ dueAt, state, why }) => ({ dueAt, state, why })),
        planted: { ...planted },
        restores: wanted,
      },
      artefacts: [],
      controls: ['RESTORE-TESTED'],
    })
    return {
      drill: 'weekly-restores',
      verdict,
      weeks: judged.map((week, at) => ({
        ...week,
        ...(planted[at + 1] && { planted: planted[at + 1] }),
        seconds: held.find(({ dueAt }) => dueAt === week.dueAt)?.seconds ?? null,
      })),
      evidence: { records, wanted },
      objectives,
    }
  } catch (error) {
    throw await explained(error, world.folder)
  } finally {
    await world.remove()
  }
}

const DAY_MS = 86_400_000

export function weeklyWorld(policy: Policy, run: string, world: LocalWorld, ports: Ports): WeeklyWorld {
  return {
    policy,
    run,
    ports,
    writer: world.primary,
    pollEverySeconds: policy.rehearsal.pace.pollEverySeconds,
    inspection: copyInspection({
      tables: CLINIC_TABLES,
      limits: policy.verification.weekly.performance,
      known: { logins: [...world.plan.roles], superusers: [SUPERUSER, FENCE_ROLE] },
      withSession: (ref, work) => world.withInstance(ref, work),
      nowMs: () => performance.now(),
      patch: world.patchInstance,
      validate: (copy) => ports.database.validate(copy),
    }),
  }
}

/** Clients have written; what they wrote up to the moment that is returned is what a restore of this week has to bring back. */
const weekGoesBy = (world: LocalWorld, week: number): Promise<string> =>
  again(systemClock, () =>
    world.withInstance(world.primary, async (client) => {
      await client.query(
        `insert into clinic.records (patient_id, body, body_md5) select 1 + n % 50, note, md5(note)
         from (select n, 'note ' || n || ' of week ' || $1::int as note from generate_series(1, 200) n) s`,
        [week],
      )
      const { rows } = await client.query<{ at: Date }>('select clock_timestamp() as at')
      return rows[0]!.at.toISOString()
    }),
  )

/** Chance that can be looked up again: the week decides. Never the newest moment, where there is another one. */
function chosen(moments: readonly string[], dueAt: Date): string {
  const older = moments.length > 1 ? moments.slice(0, -1) : moments
  const chance = createHash('sha256').update(dueAt.toISOString()).digest().readUInt32BE(0)
  return older[chance % older.length]!
}

/** A login loses its access, by the ledger and in the database. */
async function revoke(ports: Ports, world: LocalWorld, clock: LeapingClock): Promise<void> {
  const id = 'revoked-reporting'
  await appendToLedger(ports.coordination, {
    kind: 'access-revocation',
    id,
    subjectId: REVOKED,
    // By the clock of the database, which does not leap: the ledger and the recovery points have to agree.
    acceptedAt: new Date().toISOString(),
  })
  const ledger = await readLedger(ports.coordination)
  await ports.database.replayLedger(world.primary, replaySet(ledger, undefined, 0))
  await markApplied(ports.coordination, id, new Date())
  await clock.sleep(1)
}

/** Copies that are there after their tests, whatever came of those. */
async function countLeft({ inventory }: Pick<Ports, 'inventory'>, copies: readonly InstanceRef[]): Promise<number> {
  const there = await Promise.all(copies.map((copy) => inventory.describe(copy)))
  return there.filter((one) => one !== undefined).length
}

function objectivesOf(
  judged: readonly JudgedWeek[],
  planted: WeeklyRestoresOptions['planted'],
  { unrecorded, left }: { readonly unrecorded: number; readonly left: number },
): DrillResult['objectives'] {
  const wrong = judged.filter(({ state }, at) => (state === 'red') !== (planted[at + 1] !== undefined))
  const red = judged.filter(({ state }) => state === 'red').length
  return [
    {
      name: 'weeks that are red without a reason, or green in spite of one',
      target: 0,
      measured: wrong.length,
      met: wrong.length === 0,
    },
    {
      name: 'weeks that are red',
      target: Object.keys(planted).length,
      measured: red,
      met: red === Object.keys(planted).length,
    },
    { name: 'restores without a record', target: 0, measured: unrecorded, met: unrecorded === 0 },
    { name: 'copies that a restore left behind', target: 0, measured: left, met: left === 0 },
  ]
}

/** A few weeks, for whoever has minutes: the failures that a test of a restore has to notice, and no missed week. */
export const A_FEW_WEEKS = {
  weeks: 4,
  planted: { 2: 'segment-missing', 3: 'page-damaged' },
} as const satisfies Pick<WeeklyRestoresOptions, 'weeks' | 'planted'>

/** What the rehearsal plants: two failures, and a week that nobody carries out. */
export const A_SEASON = {
  weeks: 13,
  planted: { 5: 'segment-missing', 9: 'page-damaged', 11: 'not-carried-out' },
} as const satisfies Pick<WeeklyRestoresOptions, 'weeks' | 'planted'>
