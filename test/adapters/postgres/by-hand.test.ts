import { spawnSync } from 'node:child_process'
import type { Client } from 'pg'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { prepareDatabase } from '../../../adapters/postgres/preparation'
import { withRecoveryRegion } from '../../../core/policy'
import { PROCEDURES, type Procedure } from '../../../core/procedure/printed'
import { valuesOf } from '../../../core/procedure/values'
import { resolvePolicy } from '../../../policy'
import { startDatabase, type TestDatabase } from './database'
import { ownAsInRds } from './rds-owner'

const policy = withRecoveryRegion(resolvePolicy('production'))

let database: TestDatabase
let fence: Client
beforeAll(async () => {
  database = await startDatabase()
  // Whoever does a step by hand logs in as the fence role, which is no superuser in RDS.
  await ownAsInRds(database)
  const owner = await database.session('owner')
  const epoch = { epoch: 1, holder: 'sa-east-1', raisedBy: 'first-start', continues: 1 }
  await prepareDatabase(owner, { tables: CLINIC_TABLES, epoch, waitMs: 0, graceSeconds: 60 })
  await owner.query(`alter role ${FENCE_ROLE} password '${database.login(FENCE_ROLE).password}'`)
  fence = await database.session(FENCE_ROLE)
}, 120_000)
afterAll(() => database?.remove())

/** What a person would type where the document leaves it open. */
const CHOSEN: Readonly<Record<string, string>> = {
  EPOCH: '2',
  TARGET: '2026-11-28T14:03:07Z',
  WRITTEN_UP_TO: '0/1',
}

/** The statements of steps as the shell hands them to `sql`, in their order. */
function statementsOf({ name, steps }: Pick<Procedure, 'name' | 'steps'>, before: readonly string[] = []): string[] {
  const commands = [...valuesOf(policy, name), ...before, ...steps.flatMap(({ commands: own }) => own)]
    .filter((command) => !command.startsWith('sql()'))
    .join('\n')
    .replaceAll(/([A-Z_]+)=\.\.\./g, (_, variable: string) => `${variable}=${CHOSEN[variable] ?? 'x'}`)
    .replaceAll('<role>', 'clinic_jobs')
    .replaceAll('<transaction>', '800')
    .replaceAll(/<[a-z]+>/g, 'x')
  const script = [
    ...PROGRAMS.map((program) => `${program}() { :; }`),
    `sql() { printf '%s\\0' "$2"; }`,
    'exec 3>&1 >/dev/null',
    commands.replaceAll(/^sql [^#\n]*/gm, '$& >&3 '),
  ]
  const { stdout } = spawnSync('bash', ['-c', script.join('\n')], { encoding: 'utf8', cwd: '/' })
  return stdout.split('\0').filter((statement) => statement !== '')
}

/** Nothing but the statements is wanted of a document. */
const PROGRAMS = ['aws', 'jq', 'npx', 'dig', 'curl', 'head', 'tr', 'sha256sum', 'sleep']

const moving = PROCEDURES.filter(({ name }) => name !== 'compliance-remediation')

it.each(moving)('a real database takes every statement of $name from the fence role', async (procedure) => {
  const statements = statementsOf(procedure)
  expect(statements.length).toBeGreaterThanOrEqual(3)
  for (const statement of statements) {
    const answer = await fence.query(statement).then(
      () => 'taken',
      (error: Error) => error.message,
    )
    expect([statement, answer]).toEqual([statement, 'taken'])
  }
})

it('opens by hand what the epoch may open, and nothing under an older one', async () => {
  const steps = PROCEDURES.find(({ name }) => name === 'region-failover')!.steps.filter(({ id }) => id === 'open')
  await fence.query('select recovery_guard.close_logins(7)')
  const openUnder = async (epoch: number) => {
    const [grant] = statementsOf({ name: 'region-failover', steps }, [`export EPOCH=${epoch}`])
    const { rowCount } = await fence.query(grant!)
    const { rows } = await fence.query<{ open: boolean }>(
      `select rolcanlogin as open from pg_roles where rolname = 'clinic_app'`,
    )
    return [rowCount, rows[0]!.open]
  }
  expect(await openUnder(6)).toEqual([0, false])
  expect(await openUnder(7)).toEqual([1, true])
})
