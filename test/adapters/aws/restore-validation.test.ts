import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseAt } from '../../../adapters/aws/own-database'
import { restoreValidation } from '../../../adapters/aws/restore-validation'
import { input } from '../../../lambda/restore-validator/contract'
import { functionEnvironment } from '../../lambda/environment'
import { startDatabase, type TestDatabase } from '../postgres/database'
import { useFakeAws } from './fake-aws'
import type { FakeRestoreJob } from './fake-aws/backup'

const COPY = 'awsbackup-restore-test-4f2c'
const JOB = '3C7D0F58-2A9E-4B61-9F57-0D0E1C2B3A49'
const PLAN = 'arn:aws:backup:eu-west-1:333344445555:restore-testing-plan:neonpro_test_restore_test-'
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
  aws.current.rds.instances.set(instance, { status: 'available', tags: new Map() })
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
    const client = await server.session('postgres')
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
          checks: expect.objectContaining({ structure: 'pass', constraints: 'pass', sequences: 'pass' }),
        }),
      }),
    ])
  })

  it('fails with the name of the check where the copy is damaged', async () => {
    given()
    const client = await server.session('postgres')
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

  it('is left as it was: the examination may not write', async () => {
    given()
    const client = await server.session('postgres')
    const xact = 'select pg_current_xact_id_if_assigned() as x, pg_snapshot_xmax(pg_current_snapshot())::text as next'
    const before = (await client.query<{ next: string }>(xact)).rows[0]?.next
    await verify()
    expect((await client.query<{ next: string }>(xact)).rows[0]?.next).toBe(before)
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
