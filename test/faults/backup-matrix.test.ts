import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseUser, ownedFolder } from '../../adapters/local/scratch'
import { openSession } from '../../adapters/postgres/database-url'
import { BACKUP_CHECKS, type BackupCheck } from '../../core/backup/checks'
import { proveBackup } from '../../core/backup/prove-backup'
import { MemoryBackups } from '../../adapters/memory/backups'
import { systemClock } from '../../adapters/local/clock'
import type { RestoreTarget } from '../../core/ports/restore-target'
import { mountTmpfs } from '../drills/machine'
import { BACKUP_FAULTS, type BackupFault } from './backup-faults'
import { byProcedure, PROCEDURE_FAULTS } from './by-procedure'
import { largeDumpedBy, prepareGround, programsWith, proofOf, take, type Ground } from './ground'

let ground: Ground
beforeAll(async () => {
  ground = await prepareGround()
}, 120_000)
afterAll(() => ground?.remove())

const SLOW = 60_000
const tried = new Set<string>()
const caught: { fault: string; by: string }[] = []

/** Databases of the server that a proof has made. */
const leftOver = async () =>
  (await ground.owner.query(`select from pg_database where datname like 'neonpro%'`)).rowCount

const failedChecks = (checks: readonly { check: BackupCheck; verdict: string; code?: string }[]) =>
  checks.filter(({ verdict }) => verdict === 'fail').map(({ check, code }) => `${check}: ${code}`)

/** What notices a fault; nothing does where it passes, leaves something behind, or is told with a patient's data. */
async function noticedBy({ fault, caughtBy, code, inject, undo }: BackupFault): Promise<readonly string[]> {
  tried.add(fault)
  try {
    const { verdict, checks } = await proofOf(ground, await inject(ground))
    if (verdict === 'pass' || /Patient|1990-/.test(JSON.stringify(checks)) || (await leftOver()) !== 0) return []
    const failed = failedChecks(checks)
    if (failed.includes(`${caughtBy}: ${code}`)) caught.push({ fault, by: `${caughtBy}: ${code}` })
    return failed
  } finally {
    if (undo) await ground.owner.query(undo)
  }
}

it(
  'finds nothing wrong where nothing is',
  async () => {
    const proof = await proofOf(ground, { store: ground.good, name: ground.name })
    expect(proof.checks).toEqual(BACKUP_CHECKS.map((check) => ({ check, verdict: 'pass' })))
    expect(await leftOver()).toBe(0)
  },
  SLOW,
)

it.each(BACKUP_FAULTS.map((fault) => [fault.fault, fault] as const))(
  'catches: %s',
  async (_, fault) => expect(await noticedBy(fault)).toContain(`${fault.caughtBy}: ${fault.code}`),
  SLOW,
)

it(
  'catches: disk of the target full',
  async () => {
    const disk = mountTmpfs(12)
    // Where nobody may mount a disk, nobody can see a full one.
    if (!disk) return
    try {
      const location = await ownedFolder(join(disk.folder, 'tablespace'), databaseUser())
      const noticed = await noticedBy({
        fault: 'disk of the target full',
        caughtBy: 'restore',
        code: 'TARGET_FULL',
        inject: async () => {
          await ground.owner.query(`create tablespace small location '${location}'`)
          const move = `[[ $* == *--section=pre-data* ]] || exec "$REAL/pg_restore" "$@"
PGDATABASE=postgres "$REAL/psql" -qXc "alter database \\"$PGDATABASE\\" set tablespace small"; cat /dev/zero 2>/dev/null > ${disk.folder}/filler || true`
          return {
            store: ground.good,
            name: ground.name,
            programs: await programsWith(ground, 'pg_restore', `${move}\nexec "$REAL/pg_restore" "$@"`),
          }
        },
        undo: 'drop tablespace small',
      })
      expect(noticed).toContain('restore: TARGET_FULL')
    } finally {
      disk.remove()
    }
  },
  SLOW,
)

/** What goes wrong while a backup is taken, and the code with which none is. */
const REFUSED: readonly (readonly [string, () => Promise<Parameters<typeof take>[0]>, string])[] = [
  ['database missing', async () => ({ ...ground, address: { ...ground.address, database: 'nowhere' } }), '3D000'],
  [
    'role lacks SELECT',
    async () => ({
      ...ground,
      address: { ...ground.address, login: ground.database.login('visitor') },
    }),
    'DUMP_FAILED',
  ],
  [
    'dump: backend terminated half way',
    async () => ({
      ...ground,
      programs: await largeDumpedBy(
        ground,
        `"$REAL/pg_dump" "$@" | { head -c 200000; "$REAL/psql" -qXc "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pg_dump'" >/dev/null; cat; }`,
      ),
    }),
    'DUMP_FAILED',
  ],
  [
    'dump killed half way',
    async () => ({
      ...ground,
      programs: await largeDumpedBy(ground, `"$REAL/pg_dump" "$@" | { head -c 200000; pkill -9 -P $$ pg_dump; cat; }`),
    }),
    'DUMP_FAILED',
  ],
  ['pg_dump missing', async () => ({ ...ground, programs: '/nowhere' }), 'DUMP_FAILED'],
]

describe('a backup that cannot be whole is none', () => {
  /** Nothing that could be taken for a backup, or for a part of one. */
  const expectNone = async (store: string) =>
    expect(await readdir(store, { recursive: true }).catch(() => [])).not.toContainEqual(
      expect.stringMatching(/manifest|sealed|part/),
    )

  it.each(REFUSED)(
    '%s',
    async (fault, place, code) => {
      tried.add(fault)
      const store = join(ground.folder, randomBytes(8).toString('hex'))
      await expect(take(await place(), store)).rejects.toMatchObject({ code })
      await expectNone(store)
      caught.push({ fault, by: `backup refused: ${code}` })
    },
    SLOW,
  )

  it(
    'disk full',
    async () => {
      const disk = mountTmpfs(1)
      if (!disk) return
      tried.add('disk of the backup full')
      try {
        await expect(take(ground, disk.folder)).rejects.toMatchObject({ code: 'BACKUP_FOLDER_ENOSPC' })
        await expectNone(disk.folder)
        caught.push({ fault: 'disk of the backup full', by: 'backup refused: BACKUP_FOLDER_ENOSPC' })
      } finally {
        disk.remove()
      }
    },
    SLOW,
  )
})

it(
  'raises no alarm of a source that is written to all the while',
  async () => {
    const writer = await openSession(ground.address, 5000)
    const stop = new AbortController()
    const written = (async () => {
      for (let n = 0; !stop.signal.aborted; n++) {
        await writer.query(`insert into matrix.visits (patient, on_day) values ('Patient of meanwhile', now())`)
        await writer.query(`insert into matrix.invoices values (nextval('matrix.invoice_number'), 1)`)
        if (n % 10 === 0) await writer.query('update matrix.visits set note = clock_timestamp()::text where id % 7 = 0')
      }
    })()
    const store = join(ground.folder, 'written-to')
    const names = [(await take(ground, store)).name, (await take(ground, store)).name]
    stop.abort()
    await written
    await writer.end()
    for (const name of names) expect(failedChecks((await proofOf(ground, { store, name })).checks)).toEqual([])
  },
  2 * SLOW,
)

it(
  'finds one flipped bit wherever it is, a thousand times',
  async () => {
    tried.add('bit rot at 1,000 random offsets')
    // A small one, so that a thousand readings do not take minutes.
    const small = join(ground.folder, 'small')
    const { name: of, facts } = await take({ ...ground, address: { ...ground.address, database: 'postgres' } }, small)
    const store = new MemoryBackups()
    for (const file of await readdir(join(small, of)))
      store.files.set(`${of}/${file}`, await readFile(join(small, of, file)))
    const taken = new Map([...store.files].map(([name, bytes]) => [name, Buffer.from(bytes)]))
    // Takes what it is given and finds what it should: whatever is noticed, the bytes alone were enough for.
    let restored = 0
    const target: RestoreTarget = {
      missingRoles: async () => [],
      create: async () => undefined,
      load: async (dump) => {
        for await (const chunk of dump) restored += chunk.length
      },
      fingerprint: async () => facts.fingerprint,
      remove: async () => undefined,
    }
    const judged = () =>
      proveBackup({ store, keys: [ground.keys], target, clock: systemClock, reporter: { emit: () => undefined } }, of, {
        age: { skewSeconds: 300 },
      })
    expect((await judged()).verdict).toBe('pass')
    const { schema, rows } = facts
    // What is built over rows comes after them, out of the same part.
    expect(restored).toBe(rows.reduce((sum, { plainBytes }) => sum + plainBytes, 3 * schema.plainBytes))
    const missed: string[] = []
    const files = [...taken]
    for (let trial = 0; trial < 1000; trial++) {
      // As many in each file, whatever its share of the bytes.
      const [name, bytes] = files[trial % files.length]!
      const spoilt = Buffer.from(bytes)
      const bit = randomBytes(6).readUIntBE(0, 6) % (8 * spoilt.length)
      spoilt.writeUInt8(spoilt.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      store.files.set(name, spoilt)
      if ((await judged()).verdict === 'pass') missed.push(`${name} bit ${bit}`)
      store.files.set(name, bytes)
    }
    expect(missed).toEqual([])
    caught.push({
      fault: 'bit rot at 1,000 random offsets',
      by: 'manifest, name, key, voucher, bytes or sealed: 1,000 of 1,000',
    })
  },
  4 * SLOW,
)

it('has a fault for every check', () => {
  const asked = new Set(BACKUP_FAULTS.map(({ caughtBy }) => caughtBy))
  expect(BACKUP_CHECKS.filter((check) => !asked.has(check))).toEqual([])
})

const byTheProcedure: { fault: string; ours: string; exitCode: number; kept: boolean }[] = []

describe("the procedure's own commands, under the same faults", () => {
  it.each(PROCEDURE_FAULTS.map((fault) => [fault.fault, fault] as const))(
    '%s: exit 0',
    async (fault, { ours = fault, run }) => {
      const { exitCode, kept } = await run(await byProcedure(ground))
      // What the procedure's exit code says, and whether the data was there all the same.
      byTheProcedure.push({ fault, ours, exitCode, kept })
      expect(exitCode).toBe(0)
    },
    SLOW,
  )

  it('has each of these faults in our matrix', () => {
    const ours = new Set([...BACKUP_FAULTS.map(({ fault }) => fault), ...REFUSED.map(([fault]) => fault)])
    expect(PROCEDURE_FAULTS.map(({ fault, ours: name = fault }) => name).filter((name) => !ours.has(name))).toEqual([])
  })
})

/** Ours beside the procedure's, a row for each fault that the procedure was given, then what only ours was. */
afterAll(() => {
  const oursOf = new Map(caught.map(({ fault, by }) => [fault, by]))
  const row = (...cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd([58, 44, 0][at]!))
      .join(' ')
      .trimEnd()
  const lost = byTheProcedure.filter(({ kept }) => !kept)
  const named = new Set(byTheProcedure.map(({ ours }) => ours))
  const both = byTheProcedure.map(({ fault, ours, exitCode, kept }) =>
    row(fault, oursOf.get(ours) ?? 'MISSED', `exit ${exitCode}, data ${kept ? 'kept' : 'LOST'}`),
  )
  const alone = caught.filter(({ fault }) => !named.has(fault)).map(({ fault, by }) => row(fault, by))
  const noticed = lost.filter(({ exitCode }) => exitCode !== 0).length
  process.stdout.write(
    [
      row('fault', 'ours', "the procedure's commands"),
      ...both,
      ...alone,
      `ours: ${caught.length} of ${tried.size} faults caught; the procedure: ${noticed} of ${lost.length} faults that lost data`,
      '',
    ].join('\n'),
  )
})
