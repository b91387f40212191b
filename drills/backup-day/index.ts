import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../adapters/local/clock'
import { RegionFolder, regionsOf } from '../../adapters/local/daily-world'
import { explained } from '../../adapters/local/disk-space'
import { verifyFolders } from '../../adapters/local/verify-folders'
import { startWorld, type LocalWorld } from '../../adapters/local/world'
import { receiverVerdict } from '../../adapters/postgres/replication-receiver'
import { CLINIC_TABLES } from '../../adapters/postgres/clinic-schema'
import { archivedClasses, archivedTables } from '../../core/archive/classes'
import { dumpManifest } from '../../core/archive/dump'
import { pushCode } from '../../core/code/push'
import { copyChange } from '../../core/configuration/copy-change'
import { backupEnvironment } from '../../core/configuration/environment'
import { sha256 } from '../../core/evidence'
import {
  atMost,
  drillResultSchema,
  exactly,
  NOTHING_MEASURED,
  verdictOf,
  type DrillResult,
} from '../../core/measurement'
import type { TwoRegionPolicy } from '../../core/policy'
import { lastRun } from '../../core/policy/schedule'
import type { InstanceRef } from '../../core/ports/database'
import type { Reporter } from '../../core/ports/reporter'
import { expectationsOf } from '../../core/verification/daily/expectations'
import type { DailyVerdict } from '../../core/verification/daily/judges'
import { openDrillEvidence } from '../drill-evidence'
import { backUp, contentBelow, makeVaults, unopened } from './backups'
import { smallRepository } from './repository'

export interface BackupDayOptions {
  readonly policy: TwoRegionPolicy
  readonly rows: number
  /** Folder of evidence and keys; what is backed up lies below it. */
  readonly folder: string
}

const ROLES = ['primary', 'recovery'] as const
const SETTING = '/neonpro/configuration/mail/host'

/**
 * The backups of one night, from a real PostgreSQL with a replica, into a folder for each region that stands for its account:
 * database, settings, code and archive, each sealed under the keys of the region that holds it. The daily checks have to miss
 * the copies as long as they have not arrived, and to find nothing once they have.
 */
export async function backupDay(options: BackupDayOptions, reporter: Reporter): Promise<DrillResult> {
  const { policy, rows, folder } = options
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })
  const startedAt = systemClock.now()
  const runId = `drill-${startedAt.toISOString().replaceAll(/[^0-9]/g, '')}`
  const root = join(folder, 'backups')
  // The vaults of the night before: a point of them is never overwritten, and would be a day old by now.
  await rm(root, { recursive: true, force: true })
  const places = regionsOf(policy).map((region) => new RegionFolder(root, region))
  say('building two regions and a witness')
  const world = await startWorld({ policy, rows, replication: 'async', backups: true })
  try {
    const evidence = await openDrillEvidence(folder, policy.topology.regions.recovery, policy, systemClock)
    const ports = world.ports(evidence.chain, reporter)
    const look = () => verifyFolders(policy, root, join(folder, 'evidence'))

    say('settings, code and archive')
    await keepBesideTheDatabase(policy, world, places)
    say('backups of the night')
    const text = await tablesText(world, world.primary, CLINIC_TABLES)
    for (const [at, role] of ROLES.entries()) {
      const place = places[at]!
      const expected = expectationsOf(policy, role)
      await makeVaults(place, expected)
      await backUp(
        place,
        expected.histories.filter(({ vault }) => vault !== 'copies'),
        {
          startedAt,
          endedAt: systemClock.now(),
          contentOf: async (resource) =>
            resource === expected.writer?.instance ? text : contentBelow(join(root, place.region, 'copies')),
        },
      )
      const { writer, replica } = expected
      await place.points.knowDatabases([
        ...(writer ? [{ name: writer.instance, role: 'writer' as const }] : []),
        ...(replica ? [{ name: replica.instance, role: 'replica' as const }] : []),
      ])
    }
    const observe = async () => {
      const window = await ports.restore.window(world.primary)
      const heartbeat = await ports.database.lastHeartbeat(world.replica)
      const bytes = Buffer.byteLength(text)
      await places[0]!.observe({
        ...(window && { window }),
        storage: { allocatedBytes: 1024 * bytes, history: [{ at: systemClock.now().toISOString(), bytes }] },
      })
      await places[1]!.observe({
        replication: {
          receives: await world.withInstance(world.replica, (client) =>
            receiverVerdict(client, policy.rehearsal.pace.lease.durationSeconds * 1000),
          ),
          ...(heartbeat && { heartbeatAt: heartbeat.at }),
        },
      })
    }
    await observe()
    say('daily checks, while the copies have not arrived')
    const early = await look()
    say('copies to the other region')
    const expected = expectationsOf(policy, 'recovery')
    await backUp(
      places[1]!,
      expected.histories.filter(({ vault }) => vault === 'copies'),
      {
        startedAt,
        endedAt: systemClock.now(),
        contentOf: async () => text,
      },
    )
    await observe()
    say('daily checks')
    const verdicts = await look()
    const closed = await Promise.all(
      places.map((place, at) =>
        unopened(
          place,
          expectationsOf(policy, ROLES[at]!).locks.map(({ vault }) => vault),
        ),
      ),
    )
    const objectives = [
      exactly('copies that have not arrived, as the daily checks see them', 'fail', checkOf(early[1], 'copies')),
      ...ROLES.map((role, at) => exactly(`daily checks of the ${role} region`, 'pass', verdicts[at]?.verdict)),
      atMost('backups that their region does not open by its own key', 0, closed[0]! + closed[1]!),
    ]
    const verdict = verdictOf(objectives)
    const record = await evidence.record(verdict, objectives, {
      key: runId,
      subject: 'backup-day',
      startedAt: startedAt.toISOString(),
      measurements: { run: runId, bytes: Buffer.byteLength(text), regions: places.map(({ region }) => region) },
      artefacts: [],
      controls: ['BACKUPS-VERIFIED'],
    })
    return drillResultSchema.parse({
      drill: 'backup-day',
      verdict,
      objectives,
      measurements: NOTHING_MEASURED,
      steps: [],
      evidence: [{ ...record, region: policy.topology.regions.recovery, artefacts: [] }],
      report: null,
      lessons: evidence.lessons(runId),
    })
  } catch (error) {
    throw await explained(error, world.folder)
  } finally {
    await world.remove()
  }
}

const checkOf = (verdict: DailyVerdict | undefined, wanted: string): string | undefined =>
  verdict?.checks.find(({ check }) => check === wanted)?.verdict

/** Every row of some tables. */
const tablesText = (world: LocalWorld, ref: InstanceRef, tables: readonly string[]): Promise<string> =>
  world.withInstance(ref, async (client) => {
    const parts: string[] = []
    for (const table of tables) {
      const { rows } = await client.query<{ text: string }>(
        `select coalesce(json_agg(one), '[]')::text as text from ${table} one`,
      )
      parts.push(`${JSON.stringify(table)}:${rows[0]!.text}`)
    }
    return `{${parts.join(',')}}`
  })

/** Settings with their copies, the code, and the last dump of each class, in both regions. */
async function keepBesideTheDatabase(
  policy: TwoRegionPolicy,
  world: LocalWorld,
  places: readonly RegionFolder[],
): Promise<void> {
  const copies = await Promise.all(places.map((place) => place.copy()))
  for (const { region, configuration } of places) {
    await configuration.put({ name: SETTING, kind: 'plain', value: 'mail.neonpro.example' })
    await copyChange(
      {
        source: region,
        configuration,
        copies,
        clock: systemClock,
        deadlineSeconds: policy.mechanisms.configurationCopySeconds,
        retryEverySeconds: 1,
      },
      { name: SETTING, kind: 'put', changedAt: systemClock.now().toISOString() },
    )
  }
  await backupEnvironment(places[0]!.region, places[0]!.configuration, copies, systemClock)
  const scratch = await mkdtemp(join(tmpdir(), 'neonpro-code-'))
  try {
    const signers = await Promise.all(
      places.map(async (place) => ({ name: place.region, copies: place.code, signer: await place.signer() })),
    )
    await pushCode(signers, await smallRepository(scratch), systemClock)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  for (const place of places) await dumpInto(policy, world, place)
}

async function dumpInto(policy: TwoRegionPolicy, world: LocalWorld, place: RegionFolder): Promise<void> {
  const { dump } = policy.archive
  if (dump.mode === 'none') return
  const ended = new Date(systemClock.now().getTime() - dump.timeoutMinutes * 60_000)
  const scheduledAt = lastRun(dump.cron, policy.backup.schedule.timeZone, ended)
  if (!scheduledAt) return
  const known = new Set<string>(CLINIC_TABLES)
  for (const dataClass of archivedClasses(policy)) {
    const tables = archivedTables(policy, dataClass).filter((table) => known.has(table))
    const text = await tablesText(world, world.primary, tables)
    await place.archive.write(
      dataClass,
      dumpManifest(scheduledAt),
      JSON.stringify({ tables, sha256: sha256(text), bytes: Buffer.byteLength(text) }),
    )
  }
}
