import { Resolver } from 'node:dns/promises'
import { awsPorts } from '../../../adapters/aws/ports'
import type { Component } from '../../../core/ports/deployments'
import { isPortError } from '../../../core/ports/errors'
import type { Ports } from '../../../core/ports'
import { HUMAN_ROLE_NAMES } from '../../../core/access/human-roles'
import { PRIVILEGES, type Privilege } from '../../../core/runbook/model'
import type { FunctionContract } from '../../../lambda/contract'
import { functionEnvironment } from '../../lambda/environment'
import { contractOf } from '../../lambda/functions'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())

const primary = { region: 'sa-east-1', instance: 'db-g1' }
const replica = { region: 'eu-west-1', instance: 'db-g2' }
const writer = { region: 'eu-west-1', instance: 'db-g4' }
const testCopy = { region: 'eu-west-1', instance: 'neonpro-test-db-test-1' }
const oldCopy = { region: 'eu-west-1', instance: 'neonpro-test-db-test-2' }
const TRANSACTION = { kind: 'transaction', id: '7' } as const
const LOGS = { kind: 'log-group', region: 'eu-west-1', name: '/aws/lambda/guard', keepsDays: 731 } as const
const api: Component = { kind: 'function', name: 'api', dependsOn: [], function: 'neonpro-api', alias: 'live' }
const hook = { kind: 'flip-deployment', name: 'api', function: 'api', alias: 'live', toAlias: 'next' } as const
const draft = {
  key: 'run-1/report',
  kind: 'runbook',
  subject: 'region-failover',
  startedAt: '2026-11-23T12:00:00.000Z',
  finishedAt: '2026-11-23T12:10:00.000Z',
  outcome: 'succeeded',
  measurements: {},
  artefacts: [],
  controls: [],
  actor: 'operator-1',
} as const

/** One call through each port, in the names of its privileges. */
const USES: readonly [name: string, privileges: readonly Privilege[], use: (ports: Ports) => Promise<unknown>][] = [
  ['the journal', PRIVILEGES, (ports) => ports.coordination.recovery.create('runs/1', {})],
  ['the witness epoch', ['observe'], (ports) => ports.coordination.witness.create('writer-epoch', {})],
  ['the marker in the witness', ['deploy'], (ports) => ports.coordination.witness.create('markers/one', {})],
  ['the version in force', ['deploy'], (ports) => ports.deployments.inForce(api)],
  ['another version', ['deploy'], (ports) => ports.deployments.putInForce(api, '3', { key: 'k' })],
  ['health', ['observe'], (ports) => ports.health.signals(primary, replica)],
  ['the inventory', ['observe', 'promote', 'restore', 'remove-copies'], (ports) => ports.inventory.describe(replica)],
  ['the fence', ['fence'], (ports) => ports.fence.close(primary, { key: 'k', epoch: 2 })],
  ['the promotion', ['promote'], (ports) => ports.promotion.promote(replica, { key: 'k', backupRetentionDays: 35 })],
  ['the standby in another zone', ['promote'], (ports) => ports.zoneStandby.failOver(writer, { key: 'k' })],
  ['the history', ['restore'], (ports) => ports.restore.window(writer)],
  ['the moment of a transaction', ['restore'], (ports) => ports.restore.momentOf(writer, TRANSACTION)],
  [
    'a restore',
    ['restore'],
    (ports) => ports.restore.begin(writer, { key: 'k', at: '2026-11-28T11:30:00Z', copy: testCopy }),
  ],
  ['the removal of a copy', ['remove-copies'], (ports) => ports.copyRemoval.remove(oldCopy, { restoreKey: 'k' })],
  ['the witness ledger', ['database'], (ports) => first(ports.coordination.witness.list('erasure-ledger/'))],
  [
    'the list of later writes',
    ['database'],
    (ports) =>
      ports.laterWrites.list(replica, {
        key: 'r/s',
        since: '2026-11-28T11:30:00Z',
        recovered: replica,
        reachBackSeconds: 0,
      }),
  ],
  ['the database', ['database'], (ports) => ports.database.inRecovery(replica)],
  [
    'the traffic switch',
    ['switch-traffic'],
    (ports) => ports.trafficSwitch.point('witness', { region: 'eu-west-1', epoch: 2, key: 'k' }),
  ],
  ['the application', ['application'], (ports) => ports.application.healthy(hook)],
  ['the containment', ['contain'], (ports) => ports.containment.revoke(primary, { key: 'k' })],
  ['the forensic copies', ['preserve'], (ports) => ports.forensics.preserve(replica, { key: 'k' })],
  ['the credentials', ['rotate'], (ports) => ports.credentials.rotate(writer, { key: 'k' })],
  ['the hardening', ['harden'], (ports) => ports.hardening.scan(writer, [])],
  ['the look at the account', ['audit'], (ports) => ports.compliance.protectionOf(LOGS)],
  ['the validation of the controls', ['audit'], (ports) => ports.controls.validate()],
  ['what is declared', ['audit'], (ports) => ports.compliance.declaredIn('eu-west-1')],
  ['the remedies', ['remedy'], (ports) => ports.remedies.restore(LOGS, { key: 'k' })],
  ['the evidence', ['report'], (ports) => ports.evidence.append(draft)],
]
/** Of a table that the code may open for another reason, IAM alone keeps these keys closed (`dynamodb:LeadingKeys`). */
const CLOSED_BY_IAM = new Set([
  'observe: the witness ledger',
  'observe: the marker in the witness',
  'deploy: the witness ledger',
  'deploy: the witness epoch',
])

async function first(items: AsyncIterable<unknown>): Promise<unknown> {
  for await (const item of items) return item
  return undefined
}

/** Where the other data region is asked, and IAM, which is called in us-east-1. */
const ABROAD: Partial<Record<Privilege, readonly string[]>> = {
  fence: ['sa-east-1'],
  contain: ['sa-east-1', 'us-east-1'],
}

/** No database answers, and the one that is to be changed was made by no restore. */
const REFUSED_HERE = new Set(['ECONNREFUSED', 'DATABASE_UNREACHABLE', 'NOT_A_COPY'])
const HISTORY = { earliest: '2026-10-24T12:00:00.000Z', latest: '2026-11-28T11:55:07.000Z' }

beforeEach(() => {
  aws.current.lambda.aliases
    .set('eu-west-1/api/live', '4')
    .set('eu-west-1/api/next', '5')
    .set('eu-west-1/neonpro-api/live', '4')
  const versions = ['3', '4'].map((version) => [version, 'Active'] as const)
  aws.current.lambda.versions.set('eu-west-1/neonpro-api', new Map(versions))
  const zones = ['eu-west-1a', 'eu-west-1b']
  aws.current.rds.instances
    .set('db-g2', { status: 'available', source: 'db-g1', tags: new Map() })
    .set('db-g4', { status: 'available', tags: new Map(), zones, history: HISTORY })
    .set('neonpro-test-db-test-2', { status: 'available', tags: new Map([['recovery:restore', 'k']]) })
  aws.current.account.hold({ ...LOGS, keepsDays: 1 })
  aws.current.cloudFormation.stacks.set('eu-west-1/neonpro-test-one', { status: 'CREATE_COMPLETE', template: {} })
  for (const name of HUMAN_ROLE_NAMES) aws.current.iam.roles.set(`neonpro-test-${name}-eu-west-1`, undefined)
  const revoked = { kind: 'revoke', roles: [], sessionsEnded: 0 }
  aws.current.lambda.functions.set('sa-east-1/containment', () => revoked)
  aws.current.lambda.functions.set('eu-west-1/neonpro-test-compliance-validation', () => ({
    region: 'eu-west-1',
    compliance: {
      at: '',
      catalogue: '',
      validation: '',
      controls: 0,
      decidedByMachine: 0,
      held: [],
      broken: [],
      unseen: [],
    },
  }))
  aws.current.lambda.functions.set('eu-west-1/moment-reader', () => ({ at: '2026-11-28T11:30:00.5Z' }))
  aws.current.lambda.functions.set('eu-west-1/coordination-reader', () => ({ kind: 'items', items: [] }))
})

describe.each(PRIVILEGES)('the ports of a function with the privilege %s', (privilege) => {
  const contract = (): Promise<FunctionContract> => contractOf(`runbook-${privilege}`)

  it('read exactly the variables of its contract', async () => {
    const read = new Set<string>()
    const watched = new Proxy(environment.variables, {
      get: (variables, name) => (read.add(String(name)), variables[String(name)]),
      ownKeys: () => [],
    })
    awsPorts(privilege, watched)
    // Lambda sets the region by itself.
    expect([...read].toSorted()).toEqual(['AWS_REGION', ...(await contract()).environment].toSorted())
  })

  it.each(
    USES.filter(([name, allowed]) => !allowed.includes(privilege) && !CLOSED_BY_IAM.has(`${privilege}: ${name}`)),
  )('deny %s before AWS is asked', async (_name, _allowed, use) => {
    await expect(use(awsPorts(privilege, environment.variables))).rejects.toMatchObject({ failure: 'denied' })
    expect(aws.current.calls).toEqual([])
  })

  it('ask AWS for nothing its contract does not permit', async () => {
    const failures: string[] = []
    const ports = awsPorts(privilege, environment.variables)
    for (const [, allowed, use] of USES) {
      if (!allowed.includes(privilege)) continue
      // A database is not there in this test; what counts is what was asked of AWS.
      await use(ports).catch((error: unknown) => failures.push(isPortError(error) ? error.code : 'other'))
    }
    expect(failures.filter((code) => !REFUSED_HERE.has(code))).toEqual([])
    const permitted = new Set((await contract()).permissions.flatMap(({ actions }) => actions))
    const asked = new Set(aws.current.calls.map((call) => call.action))
    expect(asked.size).toBeGreaterThan(0)
    for (const action of asked) expect(permitted).toContain(action)
  })

  it('make no call outside the recovery and the witness region, but for what cuts off a database there', async () => {
    const ports = awsPorts(privilege, environment.variables)
    for (const [, allowed, use] of USES) if (allowed.includes(privilege)) await use(ports).catch(() => undefined)
    const regions = new Set(aws.current.calls.map((call) => call.region))
    regions.delete('eu-west-1')
    regions.delete('eu-central-1')
    expect([...regions]).toEqual(ABROAD[privilege] ?? [])
  })
})

describe('the ports of a function of the primary region', () => {
  const variables = { ...environment.variables, AWS_REGION: 'sa-east-1', DATABASES: 'db-g3=127.0.0.1:1' }
  const rebuilt = { region: 'sa-east-1', instance: 'db-g3' }
  const regionsOf = (action: string) => aws.current.callsOf(action).map(({ region }) => region)

  it('journal through the relay where the network reaches no other region, and by themselves elsewhere', async () => {
    const asked: unknown[] = []
    aws.current.lambda.functions.set('sa-east-1/journal-relay', (request) => {
      asked.push(request)
      return { kind: 'written', outcome: 'created' }
    })
    expect(await awsPorts('database', variables).coordination.recovery.create('runs/1', { a: 1 })).toBe('created')
    expect(asked).toEqual([{ verb: 'create', key: 'runs/1', value: { a: 1 } }])
    expect(aws.current.callsOf('dynamodb:PutItem')).toEqual([])
    await awsPorts('observe', variables).coordination.recovery.create('runs/2', {})
    expect(regionsOf('dynamodb:PutItem')).toEqual(['eu-west-1'])
  })

  it('act on the instances of their own region, and close those of the other one', async () => {
    aws.current.rds.instances.set('db-g3', { status: 'available', source: 'db-g2', tags: new Map() })
    await awsPorts('promote', variables).promotion.promote(rebuilt, { key: 'k', backupRetentionDays: 35 })
    await awsPorts('fence', variables).fence.close(replica, { key: 'k', epoch: 3 })
    expect(regionsOf('rds:PromoteReadReplica')).toEqual(['sa-east-1'])
    expect(regionsOf('lambda:InvokeFunction')).toEqual(['eu-west-1'])
    await expect(awsPorts('observe', variables).inventory.describe(replica)).rejects.toMatchObject({
      code: 'REGION_FOREIGN',
    })
  })

  it('speak to each declared database of the region and to no other one', async () => {
    const { database } = awsPorts('database', variables)
    await expect(database.inRecovery(rebuilt)).rejects.toMatchObject({ failure: 'unreachable' })
    await expect(database.inRecovery(primary)).rejects.toMatchObject({ code: 'INSTANCE_FOREIGN' })
  })

  it('leave evidence in a chain of their own region', async () => {
    await awsPorts('report', variables).evidence.append(draft)
    const keys = [...aws.current.s3.objects.keys()].map((key) => key.split('/').slice(1, 4).join('/'))
    expect(keys).toEqual(expect.arrayContaining(['records/sa-east-1/runbook', 'checkpoints/sa-east-1/runbook']))
  })
})

describe('the ports', () => {
  it('refuse a policy layer that is not the one of the deployment', () => {
    const wrong = { ...environment.variables, POLICY_HASH: '0'.repeat(64) }
    expect(() => awsPorts('observe', wrong)).toThrow(/deploy layer and functions together/)
  })

  it('refuse an endpoint that is not on this machine', () => {
    const stray = { ...environment.variables, AWS_ENDPOINT_URL_RDS: 'http://10.1.2.3:4566' }
    expect(() => awsPorts('promote', stray)).toThrow(/only loopback is allowed/)
  })

  it('refuse to serve another instance than their own', async () => {
    const { database } = awsPorts('database', environment.variables)
    await expect(database.inRecovery(primary)).rejects.toMatchObject({ code: 'INSTANCE_FOREIGN' })
  })

  it('leave a signed checkpoint over each record', async () => {
    await awsPorts('report', environment.variables).evidence.append(draft)
    const keys = [...aws.current.s3.objects.keys()].map((key) => key.split('/').slice(1, 4).join('/'))
    expect(keys).toEqual(expect.arrayContaining(['records/eu-west-1/runbook', 'checkpoints/eu-west-1/runbook']))
  })

  it('ask the name servers of the zone which region clients are told', async () => {
    jest.spyOn(Resolver.prototype, 'resolveNs').mockResolvedValue(['ns1.example'])
    jest.spyOn(Resolver.prototype, 'resolve4').mockResolvedValue(['127.0.0.1'] as never)
    const servers = jest.spyOn(Resolver.prototype, 'setServers')
    const cname = jest
      .spyOn(Resolver.prototype, 'resolveCname')
      .mockResolvedValue(['db-g2.abc.eu-west-1.rds.amazonaws.com'])
    const { trafficSwitch } = awsPorts('switch-traffic', environment.variables)
    expect(await trafficSwitch.served()).toEqual({ region: 'eu-west-1', instance: 'db-g2' })
    expect(servers).toHaveBeenCalledWith(['127.0.0.1'])
    expect(cname).toHaveBeenCalledWith('db.test.neonpro.healthcare')
    cname.mockRejectedValue(Object.assign(new Error('timeout'), { code: 'ETIMEOUT' }))
    await expect(trafficSwitch.served()).rejects.toMatchObject({ failure: 'unreachable', code: 'ETIMEOUT' })
    jest.restoreAllMocks()
  })
})
