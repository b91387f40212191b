import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../adapters/local/loopback'
import { postgresBinaries } from '../adapters/local/postgres-binaries'
import { databaseUser, ownedFolder } from '../adapters/local/scratch'
import { startWorld, type LocalWorld } from '../adapters/local/world'
import { MemoryWriteOnceStore } from '../adapters/memory/write-once-store'
import { withSession } from '../adapters/postgres/connect'
import { FENCE_ROLE } from '../adapters/postgres/guard-schema'
import { EvidenceChain } from '../core/evidence'
import { median } from '../core/measurement'
import type { Policy } from '../core/policy'
import { drive } from '../core/runbook/engine'
import { pointInTimeRecovery } from '../core/runbook/point-in-time-recovery'
import { resolvePointInTimeInput } from '../core/runbook/point-in-time-recovery/input'
import { RESTORE_BESIDE } from '../core/runbook/steps/restore-beside'
import { resolvePolicy } from '../policy'

/** Most that a recovery may take up to the copy that is there, as a multiple of a restore by hand of the same files. */
const LIMIT = 1.3
/** Bytes that a seeded patient takes in all tables and indexes, roughly: the size is measured. */
const BYTES_A_PATIENT = 1_400
const ROWS_A_TURN = 50_000

/** The rehearsal's policy, at a pace that a disk under full load does not lose its lease by. */
function unhurried(): Policy {
  const policy = resolvePolicy('test')
  const { rehearsal } = policy
  const lease = { durationSeconds: 60, marginSeconds: 15, renewEverySeconds: 1 }
  return { ...policy, rehearsal: { ...rehearsal, pace: { ...rehearsal.pace, lease, fenceAttemptSeconds: 30 } } }
}

const POLICY = unhurried()
const GIGABYTE = 1e9

/**
 * What a person would type: copy the base backup, say where the log is and how far to go, start, wait for the end of the
 * replay, and look at the data. The same files and the same moment as the runbook's.
 */
const BY_HAND = `set -eu
cp -a "$BACKUP" "$TARGET"
touch "$TARGET/recovery.signal"
cat >> "$TARGET/postgresql.conf" <<EOF
port = $PORT
restore_command = 'cp $ARCHIVE/%f %p'
recovery_target_time = '$MOMENT'
recovery_target_inclusive = off
recovery_target_action = promote
archive_command = 'true'
EOF
"$BIN/pg_ctl" -D "$TARGET" -w -t 600 -l "$TARGET.log" start
`

interface History {
  readonly backup: string
  readonly archive: string
  /** Moment to return to, in ISO 8601, UTC. */
  readonly moment: string
  /** When it was backed up. */
  readonly databaseBytes: number
  readonly logBytes: number
}

/** What one round measured; the ratios are multiples of the restore by hand. */
interface Round {
  readonly databaseBytes: number
  readonly logBytes: number
  /** Seconds of a restore by hand, mean of the two. */
  readonly hand: number
  readonly copied: number
  readonly opened: number
  readonly steps: readonly { readonly step: string; readonly seconds: number }[]
}

/** Writes until the log since the backup is as long as asked, and ships it. */
async function writeHistory(world: LocalWorld, gigabytes: number): Promise<History> {
  const region = join(world.folder, world.plan.regions.primary)
  return world.withInstance(world.primary, async (client) => {
    const position = async () =>
      Number((await client.query<{ at: string }>(`select pg_current_wal_lsn() - '0/0' as at`)).rows[0]!.at)
    const size = 'select pg_database_size(current_database())::text as bytes'
    const databaseBytes = Number((await client.query<{ bytes: string }>(size)).rows[0]!.bytes)
    const began = await position()
    while ((await position()) - began < gigabytes * GIGABYTE) {
      await client.query(
        `insert into clinic.records (patient_id, body, body_md5)
         select 1 + n % 100, body, md5(body) from (select n, repeat(md5(random()::text), 8) as body from generate_series(1, $1::integer) n) s`,
        [ROWS_A_TURN],
      )
    }
    const logBytes = (await position()) - began
    const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now')
    await client.query('select pg_current_xact_id()')
    const { rows: switched } = await client.query<{ file: string }>('select pg_walfile_name(pg_switch_wal()) as file')
    const shipped = async () =>
      (await client.query('select from pg_stat_archiver where last_archived_wal >= $1', [switched[0]!.file]))
        .rowCount === 1
    while (!(await shipped())) await sleep(100)
    return {
      backup: join(region, 'base-backup'),
      archive: join(region, 'archive'),
      moment: rows[0]!.now.toISOString(),
      databaseBytes,
      logBytes,
    }
  })
}

/** Seconds of one restore by hand, up to the first answer of a writer. */
async function byHand(world: LocalWorld, history: History): Promise<number> {
  const { postgres } = await postgresBinaries()
  const user = databaseUser()
  const home = await ownedFolder(join(world.folder, 'by-hand'), user)
  const target = join(home, 'data')
  const port = await freePort()
  const began = performance.now()
  const run = spawnSync('sh', ['-c', BY_HAND], {
    ...user,
    cwd: home,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      HOME: home,
      BIN: dirname(postgres),
      BACKUP: history.backup,
      ARCHIVE: history.archive,
      TARGET: target,
      PORT: String(port),
      MOMENT: history.moment.replace('T', ' ').replace('Z', '+00'),
    },
  })
  if (run.status !== 0) throw new Error(`the restore by hand failed: ${run.stderr}`)
  // The certificate is the original's, so it is asked under that name.
  const endpoint = { ...world.endpointOf(world.primary), port }
  await withSession(endpoint, world.plan.login(FENCE_ROLE), 600_000, async (client) => {
    const replays = async () => (await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r
    while (await replays()) await sleep(20)
    await client.query('select count(*) from clinic.records')
  })
  const seconds = (performance.now() - began) / 1000
  spawnSync(join(dirname(postgres), 'pg_ctl'), ['-D', target, '-m', 'immediate', '-w', 'stop'], { ...user, cwd: home })
  rmSync(home, { recursive: true })
  return seconds
}

/** The runbook, up to the copy that is open; with what each step took. */
async function byRunbook(world: LocalWorld, { moment }: History) {
  const chain = new EvidenceChain(new MemoryWriteOnceStore(), {
    region: world.replica.region,
    writer: 'bench',
    environment: 'test',
    policyHash: '0'.repeat(64),
  })
  const ports = world.ports(chain, { emit: () => undefined })
  const input = resolvePointInTimeInput(POLICY, {
    incidentId: 'bench',
    reasonCode: 'DRILL',
    writer: world.primary,
    successor: world.spares[0]!,
    target: { kind: 'time', at: moment },
    operation: 'automatic',
    pace: POLICY.rehearsal.pace,
    applicationTier: POLICY.rehearsal.applicationTier,
  })
  const run = await drive(pointInTimeRecovery, ports, { runId: 'bench', mode: 'drill', startedBy: 'bench', input })
  if (run.outcome !== 'succeeded') throw new Error(`the runbook stopped at ${JSON.stringify(run.stoppedBy)}`)
  const steps = Object.entries(run.steps).map(([step, { startedAt, finishedAt }]) => ({
    step,
    seconds: (Date.parse(finishedAt!) - Date.parse(startedAt!)) / 1000,
    sinceStart: (Date.parse(finishedAt!) - Date.parse(run.startedAt)) / 1000,
  }))
  return { steps, until: (step: string) => steps.find((known) => known.step === step)!.sinceStart }
}

const inGigabytes = (bytes: number) => `${(bytes / GIGABYTE).toFixed(2)} GB`
const say = (text: string) => process.stdout.write(`${text}\n`)

/** One database from its seed to the end: restored by hand before and after the runbook, on the same files. */
async function round(gigabytes: number): Promise<Round> {
  const world = await startWorld({
    policy: POLICY,
    rows: Math.round((gigabytes * GIGABYTE) / BYTES_A_PATIENT),
    replication: 'async',
    backups: true,
  })
  try {
    const history = await writeHistory(world, gigabytes)
    // Before and after, so that a machine that gets busier does not speak for either.
    const before = await byHand(world, history)
    const { steps, until } = await byRunbook(world, history)
    const after = await byHand(world, history)
    const hand = (before + after) / 2
    return {
      databaseBytes: history.databaseBytes,
      logBytes: history.logBytes,
      hand,
      copied: until(RESTORE_BESIDE) / hand,
      opened: until('open') / hand,
      steps,
    }
  } finally {
    await world.remove()
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { gigabytes: { type: 'string', default: '1' }, runs: { type: 'string', default: '5' } },
  })
  const runs = Number(values.runs)
  const rounds: Round[] = []
  for (let run = 1; run <= runs; run++) {
    const done = await round(Number(values.gigabytes))
    rounds.push(done)
    process.stderr.write(
      `run ${run} of ${runs}: by hand ${done.hand.toFixed(2)} s, copied ${done.copied.toFixed(2)}, open ${done.opened.toFixed(2)} times\n`,
    )
  }
  const middle = (of: (round: Round) => number) => median(rounds.map(of))!
  say(
    `database at the backup ${inGigabytes(middle((r) => r.databaseBytes))}, log since the backup ${inGigabytes(middle((r) => r.logBytes))}`,
  )
  for (const { step } of rounds[0]!.steps)
    say(`  ${step}: ${middle((r) => r.steps.find((known) => known.step === step)!.seconds).toFixed(2)} s`)
  say(`by hand: ${middle((r) => r.hand).toFixed(2)} s`)
  const copied = middle((r) => r.copied)
  const opened = middle((r) => r.opened)
  say(`runbook until the copy is there: median ratio ${copied.toFixed(2)} of ${runs} runs (limit ${LIMIT})`)
  say(`runbook until it is judged and open: median ratio ${opened.toFixed(2)}`)
  process.exitCode = copied <= LIMIT ? 0 : 1
}

void main()
