import { VirtualClock } from '../../../../adapters/memory/clock'
import type { RecoveryPoint, RecoveryPoints } from '../../../../core/ports/recovery-points'
import { expectationsOf } from '../../../../core/verification/daily/expectations'
import { verifyDay } from '../../../../core/verification/daily/verify'
import { resolvePolicy } from '../../../../policy'
import { healthyEstate } from './estate'
import { memoryDay } from './memory-estate'

/**
 * The daily checks over as many recovery points as the first argument says, made page by page as a service would send them;
 * prints the verdict and the most memory that the process ever held. Run by a test as a process of its own.
 */
async function main(): Promise<void> {
  const wanted = Number(process.argv[2])
  const policy = resolvePolicy('production')
  const now = new Date('2026-11-28T12:00:00.000Z')
  const estate = healthyEstate(policy, 'primary', now)
  const world = await memoryDay(policy, 'primary', estate, 1000)
  const { writer } = expectationsOf(policy, 'primary')
  const many = manyPoints(world.points, writer!.instance, wanted, now)
  // Small enough that the quota of a vault is met: the one finding that no small estate has.
  const limits = { ...policy.verification.daily.capacity, recoveryPointsPerVault: wanted }
  const checked = {
    ...policy,
    verification: { ...policy.verification, daily: { ...policy.verification.daily, capacity: limits } },
  }
  const verdict = await verifyDay({ ...world, policy: checked, points: many, clock: new VirtualClock(now) })
  const found = verdict.checks.flatMap(({ findings }) => findings.map(({ code }) => code))
  const megabytes = Math.ceil(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(JSON.stringify({ found, verdict: verdict.verdict, looked: wanted, megabytes }))
}

/** The snapshots are many, half of them of things that nobody knows; the rest of the estate stays as it is. */
function manyPoints(estate: RecoveryPoints, instance: string, wanted: number, now: Date): RecoveryPoints {
  const pointAt = (at: number): RecoveryPoint => {
    const createdMs = now.getTime() - (at % 89) * 86_400_000 - 3 * 3_600_000
    return {
      id: `arn:aws:rds:sa-east-1:111122223333:snapshot:awsbackup:job-${at}-${'0123456789abcdef'.repeat(4)}`,
      resource: at % 2 === 0 ? instance : `neonpro-clinic-of-somebody-${at}`,
      state: 'completed',
      createdAt: new Date(createdMs).toISOString(),
      completedAt: new Date(createdMs + 3_600_000).toISOString(),
      key: 'database',
      keptDays: 90,
      endsAt: new Date(createdMs + 90 * 86_400_000).toISOString(),
      bytes: 1024,
    }
  }
  const assets = async () => (await estate.page('snapshots')).points.filter(({ resource }) => resource !== instance)
  return {
    region: estate.region,
    vault: (kind) => estate.vault(kind),
    holders: () => estate.holders(),
    page: async (kind, from) => {
      if (kind !== 'snapshots') return estate.page(kind, from)
      const at = Number(from ?? 0)
      const points = Array.from({ length: Math.min(1000, wanted - at) }, (_, one) => pointAt(at + one))
      return at + 1000 < wanted ? { points, next: String(at + 1000) } : { points: [...points, ...(await assets())] }
    },
  }
}

void main()
