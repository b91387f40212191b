import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FolderBackups } from '../../adapters/local/folder-backups'
import { KeyWrapping } from '../../adapters/local/key-wrapping'
import { backupsIn } from '../../core/backup/rewrap'
import { prepareGround, proofOf, type Ground } from './ground'

const ROOT = join(__dirname, '../..')
const SLOW = 300_000

let ground: Ground
let keyFile: string
beforeAll(async () => {
  const prepared = await prepareGround()
  keyFile = join(prepared.folder, 'key')
  ground = { ...prepared, keys: await KeyWrapping.create(keyFile) }
}, 120_000)
afterAll(() => ground?.remove())

const urlOf = (database: string): string => {
  const { host, port, login, authorities } = ground.address
  return `postgres://${login.user}@${host}:${port}/${database}?sslrootcert=${authorities}`
}

interface Ended {
  readonly code: number | null
  readonly killed: boolean
  readonly seconds: number
}

/** The command as a person runs it; killed with no warning after so many seconds, where they are given. */
function recovery(args: readonly string[], killAfterSeconds?: number): Promise<Ended> {
  const began = performance.now()
  const child = spawn(process.execPath, ['bin/recovery.cjs', ...args], {
    cwd: ROOT,
    stdio: 'ignore',
    env: { ...process.env, PGPASSWORD: ground.address.login.password },
  })
  const timer =
    killAfterSeconds === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterSeconds * 1000)
  return new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, killed: signal === 'SIGKILL', seconds: (performance.now() - began) / 1000 })
    }),
  )
}

/** Moments spread over the length of a run, each a little off. */
const moments = (seconds: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => seconds * ((n + 0.5) / count + randomBytes(1)[0]! / 2560))

/** Sessions of a program that was killed end by themselves once they notice. */
async function quiet(): Promise<void> {
  const others = `select from pg_stat_activity where application_name in ('pg_dump', 'pg_restore') and pid <> pg_backend_pid()`
  for (let n = 0; n < 300 && (await ground.owner.query(others)).rowCount !== 0; n++) await sleep(100)
}

test(
  'a backup that is killed at any moment is none, or a good one',
  async () => {
    const store = join(ground.folder, 'killed')
    const args = ['backup', urlOf('matrix'), '--to', store, '--key', keyFile, '--pg-bin', ground.programs]
    const whole = await recovery(args)
    expect(whole.code).toBe(0)
    const killed: boolean[] = []
    for (const moment of moments(whole.seconds, 5)) killed.push((await recovery(args, moment)).killed)
    expect(killed).toContain(true)
    await quiet()
    const verdicts: string[] = []
    for await (const name of backupsIn(new FolderBackups(store)))
      verdicts.push((await proofOf(ground, { store, name })).verdict)
    expect(verdicts.length).toBeGreaterThan(0)
    expect(new Set(verdicts)).toEqual(new Set(['pass']))
  },
  SLOW,
)

test(
  'a restore that is killed at any moment gives nobody its name, and succeeds when it is run again',
  async () => {
    const store = join(ground.folder, 'to-restore')
    const taken = await recovery([
      'backup',
      urlOf('matrix'),
      '--to',
      store,
      '--key',
      keyFile,
      '--pg-bin',
      ground.programs,
    ])
    expect(taken.code).toBe(0)
    const [name] = await namesIn(store)
    const args = (to: string) => [
      'restore',
      join(store, name!),
      '--key',
      keyFile,
      '--to',
      urlOf(to),
      '--without-ledger',
      'DRILL',
      '--pg-bin',
      ground.programs,
    ]
    const whole = await recovery(args('whole'))
    expect(whole.code).toBe(0)
    const named = async (database: string) =>
      (await ground.owner.query('select from pg_database where datname = $1', [database])).rowCount === 1
    for (const [n, moment] of moments(whole.seconds, 3).entries()) {
      const { killed } = await recovery(args(`killed_${n}`), moment)
      await quiet()
      // One that was quicker than the kill is done.
      if (killed && !(await named(`killed_${n}`))) expect((await recovery(args(`killed_${n}`))).code).toBe(0)
      expect(await named(`killed_${n}`)).toBe(true)
    }
    const left = await ground.owner.query(`select from pg_database where datname like 'neonpro_restore%'`)
    expect(left.rowCount).toBe(0)
  },
  SLOW,
)

test(
  'a restore takes no name that is taken, least of all that of the original',
  async () => {
    const args = ['restore', join(ground.good, ground.name), '--key', keyFile, '--to', urlOf('matrix')]
    const before = await ground.owner.query('select count(*) as rows from matrix.visits')
    expect((await recovery([...args, '--without-ledger', 'DRILL', '--pg-bin', ground.programs])).code).toBe(1)
    expect((await ground.owner.query('select count(*) as rows from matrix.visits')).rows).toEqual(before.rows)
  },
  SLOW,
)

async function namesIn(store: string): Promise<string[]> {
  const names: string[] = []
  for await (const name of backupsIn(new FolderBackups(store))) names.push(name)
  return names
}
