import type { TableBaseline } from '../../adapters/postgres/fingerprint/baseline'
import { firstRewrite, type Rewrite } from '../../adapters/postgres/rewrites'
import type { DataValidation } from '../../core/ports/database'
import { readBaseline } from '../../core/readiness/baseline'
import type { CorruptionFindings, ExaminedCopy } from '../../core/runbook/corruption-response'
import type { Stage } from '../stage'

/** What the integrity checks say of a damage, and what was found out from it. */
export interface Found {
  readonly findings: CorruptionFindings
  readonly checksumFailures: number
  readonly rewrite?: Rewrite
}

/** Longest a damage may stay unnoticed before the drill itself gives up; not an objective. */
const GIVES_UP_MS = 60_000

/** Repeats the integrity checks on the primary until one fails, as the schedule of production does at its own pace. */
export async function notice(stage: Stage): Promise<DataValidation> {
  const { world, ports, say } = stage
  const began = ports.clock.monotonicMs()
  let seen = await ports.database.validate(world.primary)
  while (seen.verdict !== 'fail') {
    if (ports.clock.monotonicMs() - began > GIVES_UP_MS)
      throw new Error(`no integrity check noticed the damage within ${GIVES_UP_MS / 1000} s`)
    await ports.clock.sleep(stage.size.policy.rehearsal.pace.detection.probeEverySeconds * 1000)
    seen = await ports.database.validate(world.primary)
  }
  const failed = seen.checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name)
  say(`integrity checks failed: ${failed.join(', ')}`)
  return seen
}

/** Looks for what was damaged and at the copies. The drill knows nothing of the damage but what this finds. */
export async function examine(stage: Stage, seen: DataValidation): Promise<Found> {
  const { world, ports } = stage
  const rewrite = await rewritten(stage)
  const copies: ExaminedCopy[] = [
    // The standby of the zone answers nobody, as on RDS.
    { ref: world.primary, kind: 'zone-standby', verdict: 'inconclusive' },
    { ref: world.replica, kind: 'replica', verdict: (await ports.database.validate(world.replica)).verdict },
  ]
  return {
    findings: {
      damage: isOfPages(seen) ? 'page' : 'content',
      copies,
      ...(rewrite && { lastGood: { kind: 'transaction', id: rewrite.transaction } }),
    },
    checksumFailures: await checksumFailures(stage),
    ...(rewrite && { rewrite }),
  }
}

/** The server itself, or amcheck, says that bytes are not what they were. */
const isOfPages = ({ checks }: DataValidation): boolean =>
  checks.some(
    ({ name, verdict, detail }) =>
      verdict === 'fail' &&
      (name === 'structure' || (typeof detail === 'object' && detail !== null && 'corruption' in detail)),
  )

async function rewritten({ world, ports }: Stage): Promise<Rewrite | undefined> {
  const baseline = (await readBaseline(ports.coordination.recovery)) as unknown as TableBaseline[] | undefined
  const window = await ports.restore.window(world.primary)
  if (!baseline || !window) return undefined
  return world.withInstance(world.primary, async (client) => {
    try {
      return await firstRewrite(client, baseline, window.earliest)
    } catch (error) {
      // A damaged page cannot be read, and no transaction damaged it.
      if ((error as { code?: string }).code === 'XX001') return undefined
      throw error
    }
  })
}

async function checksumFailures({ world }: Stage): Promise<number> {
  return world.withInstance(world.primary, async (client) => {
    const { rows } = await client.query<{ failures: string }>(
      'select coalesce(sum(checksum_failures), 0)::text as failures from pg_stat_database',
    )
    return Number(rows[0]!.failures)
  })
}
