import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { contentBeside } from '../../../adapters/aws/content-beside'
import { answerRelay } from '../../../adapters/aws/coordination-relay'
import { coordinationStores } from '../../../adapters/aws/coordination-stores'
import { databaseAt, sessionsWith } from '../../../adapters/aws/own-database'
import { validatedTables } from '../../../adapters/aws/protected-tables'
import { restoreValidation } from '../../../adapters/aws/restore-validation'
import { relayRequest } from '../../../adapters/aws/wire'
import { takeBaseline } from '../../../adapters/postgres/fingerprint/baseline'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { appendToLedger, markApplied } from '../../../core/coordination/erasure-ledger'
import { keepBaseline } from '../../../core/readiness/baseline-history'
import { input as contentInput } from '../../../lambda/content-reader/contract'
import { input } from '../../../lambda/restore-validator/contract'
import { resolvePolicy } from '../../../policy'
import { functionEnvironment } from '../../lambda/environment'
import { startDatabase, type TestDatabase } from '../postgres/database'
import { useFakeAws } from './fake-aws'
import type { FakeRestoreJob } from './fake-aws/backup'

const COPY = 'awsbackup-restore-test-4f2c'
const JOB = '3C7D0F58-2A9E-4B61-9F57-0D0E1C2B3A49'
const PLAN = 'arn:aws:backup:eu-west-1:333344445555:restore-testing-plan:neonpro_test_restore_test-'
const KEY = 'arn:aws:kms:eu-west-1:333344445555:key/database'
const ID = '16b2b7d1-8f4e-4c55-9d8e-1f2a3b4c5d6e'

const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())

let server: TestDatabase
beforeAll(async () => {
  server = await startDatabase()
  // It takes transaction numbers of its own whenever it likes, and one test below counts them.
  const client = await server.session('postgres')
  await client.query('alter system set autovacuum = off')
  await client.query('select pg_reload_conf()')
  // As in RDS: its one superuser is none of ours, and everybody has to come by TLS.
  await client.query(`alter database postgres set "rds.force_ssl" = '1'`)
  await client.query(`create role rds_keeper superuser login password '${server.login('rds_keeper').password}'`)
  const keeper = await server.session('rds_keeper')
  await keeper.query('alter role postgres rename to rdsadmin')
  await keeper.query(`alter role rdsadmin password '${server.login('rdsadmin').password}'`)
  await keeper.query(`alter role ${FENCE_ROLE} nosuperuser`)
  await keeper.end()
  await (await server.session('rdsadmin')).query('drop role rds_keeper')
  const workers = `select 1 from pg_stat_activity where backend_type like 'autovacuum%'`
  while ((await client.query(workers)).rowCount !== 0) await sleep(20)
}, 60_000)
afterAll(() => server?.remove())

const seconds = (at: Date) => at.getTime() / 1000
const job = (overrides: Partial<FakeRestoreJob> = {}): FakeRestoreJob => ({
  Status: 'COMPLETED',
  CreationDate: seconds(new Date(Date.now() - 1_800_000)),
  CompletionDate: seconds(new Date()),
  RecoveryPointCreationDate: seconds(new Date()),
  CreatedResourceArn: `arn:aws:rds:eu-west-1:333344445555:db:${COPY}`,
  ResourceType: 'RDS',
  CreatedBy: { RestoreTestingPlanArn: `${PLAN}${ID}` },
  ValidationStatus: 'VALIDATING',
  ...overrides,
})
const given = (overrides: Partial<FakeRestoreJob> = {}, instance = COPY) => {
  aws.current.backup.jobs.set(JOB, job(overrides))
  aws.current.rds.instances.set(instance, { status: 'available', tags: new Map(), keyArn: KEY })
  const serving = sessionsWith([
    databaseAt({ region: 'eu-west-1', instance: 'db-g2' }, server.endpoint, async (role) => server.login(role)),
  ])
  const beside = contentBeside(environment.variables, serving)
  const { functions } = aws.current.lambda
  functions.set('eu-west-1/content-reader', (asked) => beside(contentInput.parse(asked)))
  functions.set('eu-west-1/coordination-reader', (asked) =>
    answerRelay(coordinationStores(environment.variables), relayRequest.parse(asked)),
  )
}
/** As in RDS but for how the copy is found and how a login is proven: a password here, a signed token there. */
const verify = () => {
  Object.assign(process.env, environment.variables)
  return restoreValidation(environment.variables, ({ region, instance }) =>
    databaseAt({ region, instance }, server.endpoint, async (role) => server.login(role)),
  ).verify(JOB)
}
const reported = () => {
  const { ValidationStatus, ValidationStatusMessage } = aws.current.backup.jobs.get(JOB)!
  return [ValidationStatus, ValidationStatusMessage]
}
const evidence = () =>
  [...aws.current.s3.objects]
    .filter(([key]) => key.startsWith('evidence/records/'))
    .map(([, text]) => JSON.parse(text) as { outcome: string; kind: string; measurements: Record<string, unknown> })

const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
afterAll(() => write.mockRestore())

describe('the event', () => {
  const event = JSON.parse(readFileSync(join(__dirname, 'events', 'restore-job-completed.json'), 'utf8')) as {
    detail: object
  }

  it('names the job; another state or source is refused', () => {
    expect(input.parse(event).detail.restoreJobId).toBe(JOB)
    expect(() => input.parse({ ...event, detail: { ...event.detail, status: 'RUNNING' } })).toThrow()
    expect(() => input.parse({ ...event, source: 'somebody.else' })).toThrow()
  })
})

describe('tests that passed', () => {
  const DAY = 86_400
  const passed = (daysAgo: number, plan: string, status = 'SUCCESSFUL') => {
    const CreationDate = seconds(new Date()) - daysAgo * DAY
    const CreatedBy = { RestoreTestingPlanArn: `${plan}${ID}` }
    aws.current.backup.jobs.set(
      `job-${aws.current.backup.jobs.size}`,
      job({ CreationDate, CreatedBy, ValidationStatus: status }),
    )
  }
  const MOMENTS = PLAN.replace('restore_test-', 'moment_test-')
  const counted = async () => {
    Object.assign(process.env, environment.variables)
    write.mockClear()
    await restoreValidation(environment.variables).count()
    const lines = write.mock.calls.map(([line]) => JSON.parse(String(line)) as { ProvenRestores?: number })
    return lines.find(({ ProvenRestores }) => ProvenRestores !== undefined)?.ProvenRestores
  }

  it('are counted for the plan that has fewest, and only as long as they prove anything', async () => {
    passed(1, PLAN)
    passed(2, PLAN)
    expect(await counted()).toBe(0)
    passed(3, MOMENTS)
    expect(await counted()).toBe(1)
    aws.current.backup.jobs.clear()
    passed(1, PLAN)
    passed(9, MOMENTS)
    expect(await counted()).toBe(0)
  })

  it('are no tests of others, and none that failed or were never judged', async () => {
    passed(1, PLAN)
    passed(1, MOMENTS, 'FAILED')
    passed(1, MOMENTS, 'VALIDATING')
    passed(1, PLAN.replace('neonpro', 'other'))
    expect(await counted()).toBe(0)
  })

  it('are asked for by a schedule that sends nothing', () => {
    expect(input.parse({})).toEqual({})
    expect(() => input.parse({ anything: 'else' })).toThrow()
  })
})

describe('a restored copy on a real PostgreSQL', () => {
  beforeEach(async () => {
    const client = await server.session('rdsadmin')
    await client.query('update recovery_guard.lease set heartbeat = heartbeat + 1, heartbeat_at = clock_timestamp()')
  })

  it('passes, is reported and leaves evidence', async () => {
    given()
    expect(await verify()).toEqual({ status: 'successful', code: 'ALL_CHECKS_PASSED' })
    expect(reported()).toEqual(['SUCCESSFUL', 'ALL_CHECKS_PASSED'])
    expect(evidence()).toEqual([
      expect.objectContaining({
        kind: 'restore-test',
        subject: 'neonpro_test_restore_test',
        outcome: 'succeeded',
        measurements: expect.objectContaining({
          instance: COPY,
          restoreSeconds: expect.any(Number),
          checks: expect.objectContaining({
            structure: 'pass',
            constraints: 'pass',
            sequences: 'pass',
            security: 'pass',
            performance: 'pass',
            // Nobody knows what it was before its moment.
            content: 'inconclusive',
          }),
        }),
      }),
    ])
  })

  it('fails with the name of the check where the copy is damaged', async () => {
    given()
    const client = await server.session('rdsadmin')
    const sequence = `pg_get_serial_sequence('clinic.patients', 'id')`
    await client.query(`select setval(${sequence}, 1)`)
    try {
      expect(await verify()).toEqual({ status: 'failed', code: 'SEQUENCES_FAIL' })
    } finally {
      await client.query(`select setval(${sequence}, (select max(id) from clinic.patients))`)
    }
    expect(reported()).toEqual(['FAILED', 'SEQUENCES_FAIL'])
    expect(evidence()[0]?.outcome).toBe('failed')
  })

  it('fails where the newest heartbeat is older than the backup claims', async () => {
    given({ RecoveryPointCreationDate: seconds(new Date(Date.now() + 3_600_000)) })
    expect(await verify()).toEqual({ status: 'failed', code: 'FRESHNESS_FAIL' })
  })

  it('is judged once: a repeated event reports nothing again and makes no second record', async () => {
    given()
    await verify()
    await verify()
    expect(aws.current.callsOf('backup:PutRestoreValidationResult')).toHaveLength(1)
    expect(evidence()).toHaveLength(1)
  })

  it('gets its evidence from a repeated event where the first one could not append it', async () => {
    given()
    aws.current.breaks('s3:PutObject', 'denied', 10)
    await expect(verify()).rejects.toMatchObject({ failure: 'denied' })
    expect(reported()).toEqual(['SUCCESSFUL', 'ALL_CHECKS_PASSED'])
    aws.current.mends()
    expect(await verify()).toEqual({ status: 'successful', code: 'ALL_CHECKS_PASSED' })
    expect(evidence().map(({ outcome }) => outcome)).toEqual(['succeeded'])
  })

  it.each<[string, () => Promise<() => Promise<unknown>>]>([
    [
      'lies under a key of somebody else',
      async () => {
        aws.current.rds.instances.get(COPY)!.keyArn = KEY.replace('database', 'foreign')
        return async () => undefined
      },
    ],
    [
      'is not encrypted',
      async () => {
        aws.current.rds.instances.get(COPY)!.keyArn = undefined
        return async () => undefined
      },
    ],
    [
      'stands in public',
      async () => {
        aws.current.rds.instances.get(COPY)!.publiclyAccessible = true
        return async () => undefined
      },
    ],
    [
      'takes connections without TLS',
      async () => {
        const admin = await server.session('rdsadmin')
        await admin.query(`alter database postgres set "rds.force_ssl" = '0'`)
        return () => admin.query(`alter database postgres set "rds.force_ssl" = '1'`)
      },
    ],
    [
      'has a login that nobody declared',
      async () => {
        const admin = await server.session('rdsadmin')
        await admin.query('create role stranger login')
        return () => admin.query('drop role stranger')
      },
    ],
    [
      'has a login back that was revoked before its moment',
      async () => {
        const places = coordinationStores(environment.variables)
        const acceptedAt = '2026-01-01T00:00:00.000Z'
        await appendToLedger(places, {
          kind: 'access-revocation',
          id: 'r-1',
          subjectId: 'clinic_reporting',
          acceptedAt,
        })
        await markApplied(places, 'r-1', new Date(acceptedAt))
        return async () => undefined
      },
    ],
  ])('fails for its security where it %s', async (_, arrange) => {
    given()
    const undo = await arrange()
    try {
      expect(await verify()).toEqual({ status: 'failed', code: 'SECURITY_FAIL' })
    } finally {
      await undo()
    }
  })

  it('may have a login back that was revoked after its moment: the ledger takes that away', async () => {
    given()
    const places = coordinationStores(environment.variables)
    const acceptedAt = new Date().toISOString()
    await appendToLedger(places, { kind: 'access-revocation', id: 'r-1', subjectId: 'clinic_reporting', acceptedAt })
    await markApplied(places, 'r-1', new Date())
    expect(await verify()).toMatchObject({ status: 'successful' })
  })

  it('fails for its performance where an index of its source is missing, and for nothing it was not compared with', async () => {
    given()
    const reader = aws.current.lambda.functions.get('eu-west-1/content-reader')!
    aws.current.lambda.functions.set('eu-west-1/content-reader', async (asked) => {
      const answer = (await reader(asked)) as { indexes: Record<string, string> }
      return { ...answer, indexes: { ...answer.indexes, 'clinic.records': 'an_index_that_the_copy_lacks' } }
    })
    expect(await verify()).toEqual({ status: 'failed', code: 'PERFORMANCE_FAIL' })
    aws.current.lambda.functions.delete('eu-west-1/content-reader')
    Object.assign(aws.current.backup.jobs.get(JOB)!, { ValidationStatus: 'VALIDATING' })
    expect(await verify()).toEqual({ status: 'failed', code: 'PERFORMANCE_INCONCLUSIVE' })
  })

  it('is compared with the newest baseline that is older than its moment', async () => {
    given()
    const { recovery } = coordinationStores(environment.variables)
    const admin = await server.session('rdsadmin')
    const tables = (await takeBaseline(admin, validatedTables(resolvePolicy('test')).unchanging)).map((table) => ({
      ...table,
    }))
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
    const wrong = tables.map((table) => ({ ...table, hash: '1/1' }))
    await keepBaseline(recovery, { recordedAt: hoursAgo(50), tables: wrong }, 32)
    await keepBaseline(recovery, { recordedAt: hoursAgo(25), tables }, 32)
    // Of the moment of the copy itself, so that nobody knows which came first.
    await keepBaseline(recovery, { recordedAt: hoursAgo(0), tables: wrong }, 32)
    expect(await verify()).toMatchObject({ status: 'successful' })
    expect(evidence()[0]?.measurements['checks']).toMatchObject({ content: 'pass' })
    await keepBaseline(recovery, { recordedAt: hoursAgo(25), tables: wrong }, 32)
    Object.assign(aws.current.backup.jobs.get(JOB)!, { ValidationStatus: 'VALIDATING' })
    expect(await verify()).toEqual({ status: 'failed', code: 'CONTENT_FAIL' })
  })

  it('is left as it was: the examination may not write', async () => {
    given()
    const client = await server.session('rdsadmin')
    const xact = 'select pg_current_xact_id_if_assigned() as x, pg_snapshot_xmax(pg_current_snapshot())::text as next'
    const before = (await client.query<{ next: string }>(xact)).rows[0]?.next
    await verify()
    expect((await client.query<{ next: string }>(xact)).rows[0]?.next).toBe(before)
  })
})

describe('a copy whose test is over', () => {
  const counted = async () => {
    Object.assign(process.env, environment.variables)
    write.mockClear()
    const outcome = await restoreValidation(environment.variables).count()
    const lines = write.mock.calls.map(([line]) => JSON.parse(String(line)) as { LeftTestCopies?: number })
    return [outcome.code, lines.find(({ LeftTestCopies }) => LeftTestCopies !== undefined)?.LeftTestCopies]
  }
  const hoursAgo = (hours: number) => seconds(new Date(Date.now() - hours * 3_600_000))

  it('is proved gone, once', async () => {
    given({ ValidationStatus: 'FAILED' })
    aws.current.rds.instances.delete(COPY)
    expect(await counted()).toEqual(['NOTHING_PROVEN', 0])
    await counted()
    expect(evidence().map(({ kind, outcome }) => [kind, outcome])).toEqual([['restore-teardown', 'succeeded']])
  })

  it('is told of where it outlives its windows, and not before', async () => {
    given({ ValidationStatus: 'SUCCESSFUL' })
    expect(await counted()).toEqual(['NOTHING_PROVEN', 0])
    given({ ValidationStatus: 'SUCCESSFUL', CompletionDate: hoursAgo(6) })
    expect(await counted()).toEqual(['COPY_LEFT', 1])
    expect(evidence()).toEqual([])
  })
})

describe('what is no copy of a restore test of ours', () => {
  it.each([
    ['a job that AWS does not know', () => aws.current.backup.jobs.delete(JOB), 'JOB_UNKNOWN'],
    ['a restore that a person asked for', () => given({ CreatedBy: undefined }), 'NOT_A_TEST_OF_OURS'],
    [
      'a test of another plan',
      () => given({ CreatedBy: { RestoreTestingPlanArn: `${PLAN.replace('neonpro', 'other')}${ID}` } }),
      'NOT_A_TEST_OF_OURS',
    ],
    ['a job that still runs', () => given({ Status: 'RUNNING' }), 'NOT_COMPLETED'],
  ])('%s is ignored: nothing is examined, reported or recorded', async (_name, arrange, code) => {
    given()
    arrange()
    expect(await verify()).toEqual({ status: 'ignored', code })
    expect(aws.current.callsOf('backup:PutRestoreValidationResult')).toHaveLength(0)
    expect(aws.current.callsOf('rds:DescribeDBInstances')).toHaveLength(0)
    expect(evidence()).toEqual([])
  })

  it('an instance that serves is never logged in to', async () => {
    given({ CreatedResourceArn: 'arn:aws:rds:eu-west-1:333344445555:db:neonpro-test-db-g1' }, 'neonpro-test-db-g1')
    expect(await verify()).toEqual({ status: 'failed', code: 'NOT_A_COPY' })
  })

  it('a copy that is gone, absent or not available is a failed test, not an error', async () => {
    given()
    aws.current.rds.instances.clear()
    expect(await verify()).toEqual({ status: 'failed', code: 'COPY_GONE' })
    given({ CreatedResourceArn: undefined })
    expect(await verify()).toEqual({ status: 'failed', code: 'COPY_MISSING' })
    given()
    aws.current.rds.instances.get(COPY)!.status = 'backing-up'
    expect(await verify()).toEqual({ status: 'failed', code: 'COPY_NOT_AVAILABLE' })
  })

  it('a validation that AWS itself timed out stays failed', async () => {
    given({ ValidationStatus: 'TIMED_OUT', ValidationStatusMessage: undefined })
    expect(await verify()).toEqual({ status: 'failed', code: 'TIMED_OUT' })
    expect(evidence()[0]?.outcome).toBe('failed')
  })
})

it('says what it sends: the job in the path, the verdict and its code in the body', async () => {
  given({ CreatedResourceArn: undefined })
  await verify()
  const [call] = aws.current.callsOf('backup:PutRestoreValidationResult')
  expect(call).toMatchObject({ region: 'eu-west-1', method: 'PUT' })
  expect(call?.url.pathname).toBe(`/restore-jobs/${JOB}/validations`)
  expect(JSON.parse(call!.body)).toEqual({ ValidationStatus: 'FAILED', ValidationStatusMessage: 'COPY_MISSING' })
})

it('an AWS Backup that refuses or does not answer is an error of ours, and no verdict', async () => {
  given()
  aws.current.breaks('backup:DescribeRestoreJob', 'denied', 1)
  await expect(verify()).rejects.toMatchObject({ failure: 'denied' })
  expect(evidence()).toEqual([])
})
