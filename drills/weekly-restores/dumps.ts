import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../adapters/local/clock'
import { FolderBackups } from '../../adapters/local/folder-backups'
import { KeyWrapping } from '../../adapters/local/key-wrapping'
import { postgresClient, type PostgresClient } from '../../adapters/local/postgres-client'
import { ThrowawayTarget } from '../../adapters/local/throwaway-target'
import type { LocalWorld } from '../../adapters/local/world'
import { PostgresBackupSource } from '../../adapters/postgres/backup-source'
import { destroy } from '../../adapters/postgres/connect'
import { openSession, type DatabaseAddress } from '../../adapters/postgres/database-url'
import { fingerprintDatabase, type FingerprintOptions } from '../../adapters/postgres/fingerprint/database'
import { FENCE_ROLE } from '../../adapters/postgres/guard-schema'
import { proveBackup, type BackupProof } from '../../core/backup/prove-backup'
import { takeBackup } from '../../core/backup/take-backup'
import type { Policy } from '../../core/policy'
import type { Ports } from '../../core/ports'
import { isUserError } from '../../core/user-error'
import { weeklyKey } from '../../core/verification/weekly/restore-once'
import type { WeeklyOutcome } from '../../core/verification/weekly/weeks'

const CONNECT_MS = 20_000
/** The session that holds the snapshot reads it too: there is little here to share out. */
const READERS = 1
const silent = { emit: () => undefined }

/** Sealed dumps of the primary, one each week, restored where nobody looks and compared with what was dumped. */
export interface WeeklyDumps {
  /** Takes the dump of a week and returns its name. */
  take(): Promise<string>
  /** Restores one into a server of its own, compares, and throws the server away; leaves a record. */
  restore(dueAt: Date, name: string): Promise<WeeklyOutcome>
}

/** Where the dumps of a world lie. */
export const dumpsOf = (world: Pick<LocalWorld, 'folder'>): string => join(world.folder, 'dumps')

/** Undefined where PostgreSQL's client programs are missing, which make and read dumps. */
export async function weeklyDumps(
  policy: Policy,
  run: string,
  world: LocalWorld,
  ports: Pick<Ports, 'clock' | 'evidence'>,
): Promise<WeeklyDumps | undefined> {
  const client = await clientFor(policy)
  if (!client) return undefined
  const { name: host, host: hostAddress, port, database, authority } = world.endpointOf(world.primary)
  const authorities = join(world.folder, 'authorities.pem')
  await writeFile(authorities, authority)
  const address = { host, hostAddress, port, database, login: world.plan.login(FENCE_ROLE), authorities }
  const { pace, pieceSecondsAtMost, lockWaitSeconds } = policy.fingerprint
  const reading = {
    lockWaitMs: lockWaitSeconds * 1000,
    pace: { megabytesPerSecond: pace.megabytesPerSecond, pieceSecondsAtMost },
  }
  const [store, keys] = [new FolderBackups(dumpsOf(world)), new KeyWrapping()]
  return {
    take: async () => {
      const source = new PostgresBackupSource({ address, client, fingerprint: reading, readers: READERS })
      // By the clock of the database, like the moments of the week: what leaps are the weeks alone.
      const taken = await takeBackup({ source, store, keys, clock: systemClock, reporter: silent, newId: randomUUID })
      return taken.name
    },
    restore: async (dueAt, name) => {
      const startedAt = ports.clock.now().toISOString()
      const target = new ThrowawayTarget({
        database: 'weekly_dump',
        client: async () => client.folder,
        fingerprint: (at) => fingerprintAt(at, reading),
      })
      try {
        const proof = await proveBackup({ store, keys: [keys], target, clock: systemClock, reporter: silent }, name, {
          database,
          age: { skewSeconds: policy.failover.ledgerSkewSeconds },
        })
        const outcome = outcomeOf(proof)
        await ports.evidence.append({
          key: weeklyKey(run, { dueAt, which: 'dump' }),
          kind: 'weekly-restore',
          subject: 'dump',
          startedAt,
          finishedAt: ports.clock.now().toISOString(),
          outcome: outcome.passed ? 'succeeded' : 'failed',
          measurements: {
            code: outcome.code,
            dueAt: dueAt.toISOString(),
            restored: proof.facts?.startedAt ?? null,
            seconds: proof.seconds,
            checks: Object.fromEntries(proof.checks.map(({ check, verdict }) => [check, verdict])),
          },
          artefacts: [],
          controls: ['RESTORE-TESTED'],
          actor: 'weekly-verification',
        })
        return outcome
      } finally {
        await target.remove()
      }
    },
  }
}

async function clientFor({ database }: Policy): Promise<PostgresClient | undefined> {
  try {
    return await postgresClient(database.engineMajor)
  } catch (error) {
    if (isUserError(error)) return undefined
    throw error
  }
}

function outcomeOf({ verdict, checks }: BackupProof): WeeklyOutcome {
  const wanting = checks.find((check) => check.verdict !== 'pass')
  return { which: 'dump', passed: verdict === 'pass', code: wanting?.code ?? 'ALL_CHECKS_PASSED' }
}

async function fingerprintAt(address: DatabaseAddress, options: FingerprintOptions) {
  const client = await openSession(address, CONNECT_MS)
  try {
    return await fingerprintDatabase([client], options)
  } finally {
    destroy(client)
  }
}
