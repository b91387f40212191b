import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../adapters/local/clock'
import { MemoryWriteOnceStore } from '../../adapters/memory/write-once-store'
import { startWorld, type LocalWorld } from '../../adapters/local/world'
import { compareDatabases } from '../../adapters/postgres/fingerprint/compare-databases'
import { EvidenceChain } from '../../core/evidence'
import { withRecoveryRegion } from '../../core/policy'
import type { Ports } from '../../core/ports'
import { expectationsOf } from '../../core/verification/daily/expectations'
import type { DailyFacts } from '../../core/verification/daily/facts'
import { replication } from '../../core/verification/daily/replication'
import { restoreOnce } from '../../core/verification/weekly/restore-once'
import { again } from '../../drills/again'
import { observeReplica } from '../../drills/left-backups/standing'
import { weeklyWorld } from '../../drills/weekly-restores'
import { resolvePolicy } from '../../policy'
import { withFreePorts } from '../setup/free-ports'

/** Everything as production has it but for how long a replica may lag: nobody waits for minutes here. */
const BEHIND_SECONDS = 2
const declared = withRecoveryRegion(resolvePolicy('test'))
const { replica } = declared.mechanisms
const policy = {
  ...declared,
  pace: { ...declared.pace, detection: declared.rehearsal.pace.detection, lease: declared.rehearsal.pace.lease },
  mechanisms: {
    ...declared.mechanisms,
    ...(replica.mode === 'cross-region' && { replica: { ...replica, lagAlarmSeconds: BEHIND_SECONDS } }),
  },
}

/** A database with a base backup, several segments of archived log since then, and a replica. */
export interface HistoryGround {
  readonly world: LocalWorld
  readonly ports: Ports
  /** Folder of the base backup, and that of the archived log. */
  readonly backup: string
  readonly archive: string
  /** Segments that hold what was written since the backup, oldest first. */
  segments(): Promise<string[]>
  remove(): Promise<void>
}

export async function prepareHistory(): Promise<HistoryGround> {
  const world = await withFreePorts(() => startWorld({ policy, rows: 200, replication: 'async', backups: true }))
  const chain = new EvidenceChain(new MemoryWriteOnceStore(), {
    region: world.replica.region,
    writer: 'test',
    environment: 'test',
    policyHash: 'f'.repeat(64),
  })
  const archive = world.archiveOf(world.primary)
  const ground = {
    world,
    ports: world.ports(chain, { emit: () => undefined }),
    backup: join(world.folder, world.primary.region, 'base-backup'),
    archive,
    segments: async () => (await readdir(archive)).filter((file) => /^[0-9A-F]{24}$/.test(file)).toSorted(),
    remove: () => world.remove(),
  }
  try {
    for (let segment = 0; segment < 4; segment += 1) await writeOn(ground)
    return ground
  } catch (error) {
    await world.remove()
    throw error
  }
}

/** Writes rows that a restore has to bring back, and begins a new segment; a lease may have ended while nothing else could run. */
export const writeOn = ({ world }: Pick<HistoryGround, 'world'>): Promise<void> =>
  again(systemClock, () =>
    world.withInstance(world.primary, async (client) => {
      await client.query(`insert into clinic.records (patient_id, body, body_md5) select 1 + n % 50, note, md5(note)
        from (select n, 'note ' || n as note from generate_series(1, 200) n) s`)
      await client.query('select pg_switch_wal()')
    }),
  )

let restores = 0

/** What the weekly test says of a restore of the newest state. */
export async function weeklySays({ world, ports }: HistoryGround): Promise<string> {
  const { rows } = await world.withInstance(world.primary, (client) =>
    client.query<{ at: Date }>('select clock_timestamp() as at'),
  )
  restores += 1
  const weekly = weeklyWorld(policy, `matrix-${restores}`, world, ports)
  const test = { dueAt: new Date(), which: 'latest', at: rows[0]!.at.toISOString(), copy: world.spares[0]! } as const
  return (await restoreOnce(weekly, test)).code
}

/** What the validation of the serving database says, by the check that fails. */
export async function validationSays({ world, ports }: HistoryGround): Promise<string> {
  const { checks } = await ports.database.validate(world.primary)
  return checks.flatMap(({ name, verdict }) => (verdict === 'fail' ? [name] : [])).join() || 'pass'
}

/** What the daily look says of the replica. */
export async function dailySays({ world }: HistoryGround): Promise<string> {
  const seen = await observeReplica(world, world.replica, policy.pace.detection)
  const facts = { at: new Date().toISOString(), replication: { seen: true, value: seen } } as const
  const judged = replication(facts as unknown as DailyFacts, expectationsOf(policy, 'recovery'))!
  return judged.found.map(({ code }) => code).join() || 'pass'
}

/** What the comparison of primary and replica says: nothing is equal that was not replayed. */
export const comparisonSays = ({ world }: HistoryGround): Promise<string> =>
  world.withInstance(world.primary, (one) =>
    world.withInstance(world.replica, async (other) => {
      const { pace, pieceSecondsAtMost, lockWaitSeconds, replica: patience } = policy.fingerprint
      const { verdict, findings } = await compareDatabases([one], [other], {
        pace: { ...pace, pieceSecondsAtMost },
        lockWaitMs: lockWaitSeconds * 1000,
        recheck: {
          looks: patience.looks,
          pauseMs: patience.pauseSeconds * 1000,
          replicaWaitMs: BEHIND_SECONDS * 1000,
        },
      })
      return findings.map(({ code }) => code).join() || verdict
    }),
  )
