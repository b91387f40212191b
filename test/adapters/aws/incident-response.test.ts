import { writeFile } from 'node:fs/promises'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { RESTORE_TAG } from '../../../adapters/aws/agreed-names'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { lambdaContainment } from '../../../adapters/aws/lambda-containment'
import { LoginSecrets } from '../../../adapters/aws/login-secrets'
import { databaseAt } from '../../../adapters/aws/own-database'
import { RdsChanges } from '../../../adapters/aws/rds-changes'
import { RdsContainment } from '../../../adapters/aws/rds-containment'
import { RdsCredentials } from '../../../adapters/aws/rds-credentials'
import { RdsHardening } from '../../../adapters/aws/rds-hardening'
import { tellingFailure } from '../../../adapters/aws/told-failure'
import { containmentRequest } from '../../../adapters/aws/wire'
import { systemClock } from '../../../adapters/local/clock'
import { OPEN_TO_ALL } from '../../../adapters/local/host-access'
import { SUPERUSER } from '../../../adapters/local/world-plan'
import { APPLICATION_ROLES } from '../../../adapters/postgres/clinic-schema'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { VirtualClock } from '../../../adapters/memory/clock'
import { tryLogin } from '../../../adapters/postgres/rotation'
import { describeContainment } from '../../contracts/containment'
import { describeCredentials } from '../../contracts/credentials'
import { describeHardening } from '../../contracts/hardening'
import { startPair, type Pair } from '../local/pair'
import { FakeAws } from './fake-aws'
import { useOneRealm } from './fake-aws/one-realm'

useOneRealm()
const aws = new FakeAws()
beforeAll(() => aws.start())
afterAll(() => aws.stop())
afterEach(() => aws.mends())

const HOME = 'sa-east-1'
const [OPEN, CLOSED] = ['sg-databases', 'sg-closed']
const PEOPLE = ['operator', 'auditor']
/** RDS takes seconds, and nobody here waits for them; sessions are as fast as they are. */
const impatient = { ...systemClock, sleep: (ms: number) => systemClock.sleep(Math.min(ms, 20)) }

const changes = () => new RdsChanges(new RDSClient(clientSettings(HOME)), HOME, impatient)

/** Answers as the function next to the database does. */
function functionBeside(containment: RdsContainment) {
  aws.lambda.functions.set(`${HOME}/containment`, (payload) => {
    const { task, instance, key } = containmentRequest.parse(payload)
    return tellingFailure(async () => ({ kind: task, ...(await containment[task](instance, { key })) }))
  })
}

const asked = (functions = 'containment') =>
  lambdaContainment({
    function: { name: functions, client: (region) => new LambdaClient(clientSettings(region, { answerMs: 60_000 })) },
    deadlineMs: 60_000,
    iam: new IAMClient(clientSettings('us-east-1')),
    roles: PEOPLE,
    clock: new VirtualClock(new Date('2026-11-28T12:00:00.000Z')),
  })

describeContainment('a function next to a real PostgreSQL, behind the network of RDS', async () => {
  const pair = await startPair()
  const keeper = await pair.session('primary')
  await keeper.query('alter role replicator rename to rdsrepladmin')
  const inside = await pair.session('primary', 'clinic_app')
  const { instance } = pair.primary
  aws.rds.instances.set(instance, {
    status: 'available',
    tags: new Map(),
    groups: { ids: [OPEN, 'sg-of-the-application'], active: true },
  })
  for (const role of PEOPLE) aws.iam.roles.set(role, undefined)
  functionBeside(
    new RdsContainment(changes(), {
      sessions: databaseAt(pair.primary, pair.endpoints.primary, async (role) => pair.plan.login(role)),
      closedGroupId: CLOSED,
      clock: impatient,
    }),
  )
  const reached = () => aws.rds.instances.get(instance)!.groups!.ids.some((id) => id !== CLOSED)
  return {
    containment: asked(),
    compromised: pair.primary,
    letsIn: async () => {
      // What is connected stays so when groups change.
      const stayed = await inside.query('select').then(
        () => true,
        () => false,
      )
      return stayed || (reached() && (await pair.canLogIn('primary', 'clinic_app')))
    },
    letsFenceRoleIn: () => pair.canLogIn('primary', FENCE_ROLE),
    reopen: async () => {
      aws.rds.instances.get(instance)!.groups = { ids: [OPEN], active: true }
      for (const role of pair.plan.roles)
        if (role !== 'replicator') await keeper.query(`alter role "${role}" login valid until 'infinity'`)
    },
    remove: pair.remove,
  }
})

const databaseOf = (pair: Pair) =>
  databaseAt(pair.primary, pair.endpoints.primary, async (role) => pair.plan.login(role))

const secretOf = (role: string) => `neonpro-test/login-${role}`

describeCredentials('Secrets Manager and RDS, over a real PostgreSQL', async () => {
  const pair = await startPair()
  const keeper = await pair.session('primary')
  await keeper.query('alter role replicator rename to rdsrepladmin')
  aws.rds.instances.set(pair.primary.instance, {
    status: 'available',
    tags: new Map([[RESTORE_TAG, 'run-1/restore-beside']]),
    owner: {
      name: SUPERUSER,
      setPassword: async (password) => void (await keeper.query(`alter role ${SUPERUSER} password '${password}'`)),
    },
  })
  const roles = [...APPLICATION_ROLES, SUPERUSER]
  for (const role of roles) {
    const { user: username, password } = pair.plan.login(role)
    aws.secretsManager.hold(`${HOME}/${secretOf(role)}`, JSON.stringify({ username, password, engine: 'postgres' }))
  }
  const passwordOf = (role: string): string => {
    const { versions } = aws.secretsManager.held.get(`${HOME}/${secretOf(role)}`)!
    const inForce = [...versions.values()].find(({ stages }) => stages.has('AWSCURRENT'))!
    return (JSON.parse(inForce.text) as { password: string }).password
  }
  const logsIn = async (password: string) => {
    const login = { ...pair.plan.login('clinic_jobs'), password }
    return (await tryLogin(pair.endpoints.primary, login, 5000)).state === undefined
  }
  return {
    credentials: new RdsCredentials(changes(), {
      secrets: new LoginSecrets(
        new SecretsManagerClient(clientSettings(HOME)),
        HOME,
        new Map(roles.map((role) => [role, secretOf(role)])),
      ),
      find: async () => databaseOf(pair),
    }),
    clean: pair.primary,
    letsInWithOld: () => logsIn(pair.plan.login('clinic_jobs').password),
    letsInWithHanded: () => logsIn(passwordOf('clinic_jobs')),
    trustAnySecret: async () => {
      const { rows } = await keeper.query<{ file: string }>(`select current_setting('hba_file') as file`)
      await writeFile(rows[0]!.file, OPEN_TO_ALL.replaceAll('scram-sha-256', 'trust'))
      await keeper.query('select pg_reload_conf()')
      while (!(await logsIn('any')));
    },
    remove: pair.remove,
  }
})

/** Makes a server look as RDS does to the owner that it gives: no superuser but its own, and settings for what it hides. */
async function asRds(pair: Pair): Promise<void> {
  const keeper = await pair.session('primary')
  await keeper.query(`
    alter role replicator rename to rdsrepladmin;
    alter role ${SUPERUSER} rename to rdsadmin;
    create role owner login createrole password 'owner-secret';
    alter database postgres owner to owner;
    grant usage on schema recovery_guard to owner;
    grant all on all tables in schema recovery_guard to owner`)
  await setAsRds(pair, 'rds.force_ssl', '1')
  await setAsRds(pair, 'rds.accepted_password_auth_method', 'scram')
}
const setAsRds = async (pair: Pair, name: string, value: string) =>
  (await pair.session('primary')).query(`alter database postgres set ${name} = '${value}'`)

const hardeningOf = (pair: Pair) =>
  new RdsHardening(changes(), {
    find: async () => databaseOf(pair),
    owner: async () => ({ user: 'owner', password: 'owner-secret' }),
    // The fence role is a superuser here and not in RDS.
    known: { logins: [...APPLICATION_ROLES, FENCE_ROLE], superusers: [FENCE_ROLE] },
  })

const restored = (pair: Pair, more: object = {}) =>
  aws.rds.instances.set(pair.primary.instance, { status: 'available', tags: new Map(), ...more })

describeHardening('RDS, over a real PostgreSQL', async () => {
  const pair = await startPair()
  await asRds(pair)
  restored(pair)
  const keeper = await pair.session('primary')
  return {
    hardening: hardeningOf(pair),
    clean: pair.primary,
    soften: async () => void (await keeper.query('grant create on schema public to public')),
    leaveLogin: async (role) => {
      await keeper.query(`create role ${role} login`)
      return () => keeper.query(`drop role ${role}`)
    },
    remove: pair.remove,
  }
})

describe('a hardened copy in RDS', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair()
    await asRds(pair)
  }, 60_000)
  afterAll(() => pair?.remove())
  const measures = ['passwords-are-scram', 'host-access-by-tls-only'] as const

  it('is closed to the outside and kept from deletion, and a scan names what is not', async () => {
    const copy = restored(pair, { publiclyAccessible: true, deletionProtection: false }).get(pair.primary.instance)!
    const scan = () => hardeningOf(pair).scan(pair.primary, measures)
    expect(await scan()).toEqual([
      { code: 'MEASURE_MISSING', object: 'rds:PubliclyAccessible' },
      { code: 'MEASURE_MISSING', object: 'rds:DeletionProtection' },
    ])
    await hardeningOf(pair).apply(pair.primary, measures)
    expect(copy).toMatchObject({ publiclyAccessible: false, deletionProtection: true })
    expect(await scan()).toEqual([])
  }, 60_000)

  it('gets the parameters that its group has lost, and no others', async () => {
    restored(pair)
    aws.rds.onParameter = (name, value) => setAsRds(pair, name, value)
    await setAsRds(pair, 'rds.force_ssl', '0')
    expect(await hardeningOf(pair).apply(pair.primary, measures)).toEqual(measures)
    expect([...aws.rds.parameters]).toEqual([[`settings-of-${pair.primary.instance}/rds.force_ssl`, '1']])
  }, 60_000)
})
