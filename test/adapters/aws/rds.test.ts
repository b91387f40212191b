import { RDSClient } from '@aws-sdk/client-rds'
import { WRITER_TAG } from '../../../adapters/aws/agreed-names'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { RdsInventory } from '../../../adapters/aws/rds-inventory'
import { regionalInventory } from '../../../adapters/aws/regional-inventory'
import { RdsPromotion } from '../../../adapters/aws/rds-promotion'
import { RdsCopyRemoval } from '../../../adapters/aws/rds-copy-removal'
import { RdsRestore } from '../../../adapters/aws/rds-restore'
import { RdsZoneStandby } from '../../../adapters/aws/rds-zone-standby'
import { useFakeAws } from './fake-aws'

const REGION = 'eu-west-1'
const aws = useFakeAws()
const replica = { region: REGION, instance: 'db-g2' }
const request = { key: 'run-1/promote', backupRetentionDays: 35 }
const inventory = () => new RdsInventory(new RDSClient(clientSettings(REGION)), REGION)
const promotion = () => new RdsPromotion(new RDSClient(clientSettings(REGION)), REGION)
const instance = () => aws.current.rds.instances.get('db-g2')!
const promotions = () => aws.current.callsOf('rds:PromoteReadReplica')

beforeEach(() => {
  aws.current.rds.instances.set('db-g2', {
    status: 'available',
    source: 'arn:aws:rds:sa-east-1:111122223333:db:db-g1',
    tags: new Map(),
  })
})

describe('regionalInventory', () => {
  it('asks the region of each instance, and no endpoint of a stranger', async () => {
    const everywhere = regionalInventory(process.env)
    expect(await everywhere.describe(replica)).toMatchObject({ role: 'replica', source: 'db-g1' })
    expect(await everywhere.describe({ region: 'sa-east-1', instance: 'none' })).toBeUndefined()
    expect(() => regionalInventory({ AWS_ENDPOINT_URL: 'https://stranger.example' })).toThrow(/only loopback/)
  })
})

describe('RdsInventory', () => {
  it('describes a replica with its source and endpoint', async () => {
    expect(await inventory().describe(replica)).toEqual({
      ...replica,
      status: 'available',
      role: 'replica',
      source: 'db-g1',
      endpoint: { host: 'db-g2.abc123.eu-west-1.rds.amazonaws.com', port: 5432 },
    })
  })

  it('knows nothing of an instance that does not exist, and refuses one of another region', async () => {
    expect(await inventory().describe({ ...replica, instance: 'none' })).toBeUndefined()
    await expect(inventory().describe({ ...replica, region: 'sa-east-1' })).rejects.toMatchObject({
      code: 'REGION_FOREIGN',
    })
  })

  it.each([
    ['available', 'available'],
    ['backing-up', 'backing-up'],
    ['stopped', 'stopped'],
    ['modifying', 'other'],
    ['storage-full', 'other'],
    ['failed', 'failed'],
    ['incompatible-restore', 'failed'],
  ])('calls the status %s %s', async (theirs, ours) => {
    instance().status = theirs
    expect((await inventory().describe(replica))?.status).toBe(ours)
  })

  it('says promoting only of a replica under change that we have tagged', async () => {
    await promotion().promote(replica, request)
    expect(await inventory().describe(replica)).toMatchObject({ status: 'promoting', role: 'replica' })
    aws.current.rds.finishPromotion('db-g2')
    expect(await inventory().describe(replica)).toMatchObject({ status: 'available', role: 'primary' })
  })
})

describe('RdsPromotion', () => {
  it('states the backup retention, since RDS would take one day', async () => {
    await promotion().promote(replica, request)
    expect(new URLSearchParams(promotions()[0]?.body).get('BackupRetentionPeriod')).toBe('35')
  })

  it('tags the instance for the backup plan before it promotes, so that no crash leaves a primary without backups', async () => {
    await promotion().promote(replica, request)
    expect(instance().tags.get(WRITER_TAG.key)).toBe(WRITER_TAG.value)
    const order = aws.current.calls.map((call) => call.action)
    expect(order.indexOf('rds:AddTagsToResource')).toBeLessThan(order.indexOf('rds:PromoteReadReplica'))
  })

  it('does nothing to what is being promoted by the same key, or is a primary already', async () => {
    await promotion().promote(replica, request)
    await promotion().promote(replica, request)
    aws.current.rds.finishPromotion('db-g2')
    await promotion().promote(replica, { ...request, key: 'another' })
    expect(promotions()).toHaveLength(1)
  })

  it('takes the refusal of a repeated attempt for what it is: the first one, whose answer was lost, succeeded', async () => {
    aws.current.breaks('rds:PromoteReadReplica', 'lost-answer')
    await promotion().promote(replica, request)
    expect(promotions()).toHaveLength(2)
    expect(instance().status).toBe('modifying')
  })

  it('is throttled, not defeated, while the replica is being backed up', async () => {
    instance().status = 'backing-up'
    await expect(promotion().promote(replica, request)).rejects.toMatchObject({
      failure: 'throttled',
      code: 'RDS_BUSY',
    })
    instance().status = 'available'
    await promotion().promote(replica, request)
    expect(instance().status).toBe('modifying')
  })

  it('says conflict for an instance in any other state, and invalid for none', async () => {
    instance().status = 'storage-full'
    await expect(promotion().promote(replica, request)).rejects.toMatchObject({ failure: 'conflict' })
    await expect(promotion().promote({ ...replica, instance: 'none' }, request)).rejects.toMatchObject({
      failure: 'invalid',
    })
  })

  it('is not fooled by the tag of a run that never came so far: another change is another change', async () => {
    instance().tags.set('recovery:promotion', 'old/promote')
    instance().status = 'modifying'
    const busy = { failure: 'throttled', code: 'RDS_BUSY' }
    await expect(promotion().promote(replica, request)).rejects.toMatchObject(busy)
    await expect(promotion().promote(replica, request)).rejects.toMatchObject(busy)
    instance().status = 'available'
    await promotion().promote(replica, request)
    expect(instance().backupRetentionDays).toBe('35')
  })

  it('says denied without the permission', async () => {
    aws.current.breaks('rds:PromoteReadReplica', 'denied')
    await expect(promotion().promote(replica, request)).rejects.toMatchObject({ failure: 'denied' })
  })
})

describe('RdsZoneStandby', () => {
  const standby = () => new RdsZoneStandby(new RDSClient(clientSettings(REGION)), REGION)
  const reboots = () => aws.current.callsOf('rds:RebootDBInstance')
  const failOver = (key = 'run-1/fail-over') => standby().failOver(replica, { key })
  beforeEach(() => void Object.assign(instance(), { source: undefined, zones: ['eu-west-1a', 'eu-west-1b'] }))

  it('reboots with failover, and marks the instance before', async () => {
    await failOver()
    const order = aws.current.calls.map(({ action }) => action)
    expect(order).toEqual(['rds:DescribeDBInstances', 'rds:AddTagsToResource', 'rds:RebootDBInstance'])
    expect(new URLSearchParams(reboots()[0]?.body).get('ForceFailover')).toBe('true')
    expect(instance().tags.get('recovery:zone-failover')).toBe('run-1/fail-over@eu-west-1a')
  })

  it('begins once by one key, while it lasts and afterwards', async () => {
    await failOver()
    await failOver()
    aws.current.rds.finishFailover('db-g2')
    await failOver()
    expect(reboots()).toHaveLength(1)
    expect((await inventory().describe(replica))?.zone).toBe('eu-west-1b')
  })

  it('begins anew by another key, and by its own where a crash came before the reboot', async () => {
    instance().tags.set('recovery:zone-failover', 'run-1/fail-over@eu-west-1a')
    await failOver()
    aws.current.rds.finishFailover('db-g2')
    await failOver('run-2/fail-over')
    expect(reboots()).toHaveLength(2)
  })

  it('takes the refusal of a repeated attempt for a conflict, which the step waits out', async () => {
    aws.current.breaks('rds:RebootDBInstance', 'lost-answer')
    await expect(failOver()).rejects.toMatchObject({ failure: 'conflict' })
    expect(instance().status).toBe('rebooting')
  })

  it('says denied without the permission, and invalid for an instance that is not there', async () => {
    aws.current.breaks('rds:RebootDBInstance', 'denied')
    await expect(failOver()).rejects.toMatchObject({ failure: 'denied' })
    await expect(
      standby().failOver({ ...replica, instance: 'none' }, { key: 'run-1/fail-over' }),
    ).rejects.toMatchObject({ code: 'INSTANCE_MISSING' })
  })
})

describe('RdsCopyRemoval', () => {
  const removal = () =>
    new RdsCopyRemoval(new RDSClient(clientSettings(REGION)), {
      region: REGION,
      isTestCopy: (name) => name.startsWith('db-test-'),
    })
  const copy = { region: REGION, instance: 'db-test-1' }
  const ours = { restoreKey: 'run-1/restore-beside' }
  const deletions = () => aws.current.callsOf('rds:DeleteDBInstance')
  beforeEach(() => {
    const tags = new Map([['recovery:restore', ours.restoreKey]])
    aws.current.rds.instances.set('db-test-1', { status: 'available', tags })
  })

  it('removes a copy with its backups and leaves no snapshot, once', async () => {
    await removal().remove(copy, ours)
    await removal().remove(copy, ours)
    aws.current.rds.settle()
    await removal().remove(copy, ours)
    expect(deletions().map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
      expect.objectContaining({
        DBInstanceIdentifier: 'db-test-1',
        SkipFinalSnapshot: 'true',
        DeleteAutomatedBackups: 'true',
      }),
    ])
  })

  it('asks nothing about what is called like no test copy, whatever its tags say', async () => {
    instance().tags.set('recovery:restore', ours.restoreKey)
    await expect(removal().remove(replica, ours)).rejects.toMatchObject({ code: 'NOT_A_TEST_COPY' })
    expect(aws.current.calls).toEqual([])
  })

  it.each([
    ['another request made', new Map([['recovery:restore', 'run-2/restore-beside']]), 'NOT_A_TEST_COPY'],
    ['nobody has marked', new Map<string, string>(), 'NOT_A_TEST_COPY'],
    [
      'may write by now',
      new Map([
        ['recovery:restore', ours.restoreKey],
        [WRITER_TAG.key, WRITER_TAG.value],
      ]),
      'COPY_IN_USE',
    ],
  ])('refuses what %s', async (_, tags, code) => {
    aws.current.rds.instances.set('db-test-1', { status: 'available', tags })
    await expect(removal().remove(copy, ours)).rejects.toMatchObject({ failure: 'denied', code })
    expect(deletions()).toEqual([])
  })

  it('takes the refusal of a repeated attempt for what it is, and waits for what is under another change', async () => {
    aws.current.breaks('rds:DeleteDBInstance', 'lost-answer')
    await removal().remove(copy, ours)
    expect(deletions()).toHaveLength(2)
    aws.current.rds.instances.get('db-test-1')!.status = 'creating'
    await expect(removal().remove(copy, ours)).rejects.toMatchObject({ failure: 'throttled', code: 'RDS_BUSY' })
  })

  it('says denied without the permission', async () => {
    aws.current.breaks('rds:DeleteDBInstance', 'denied')
    await expect(removal().remove(copy, ours)).rejects.toMatchObject({ failure: 'denied' })
  })
})

describe('RdsRestore', () => {
  it('tells the moment that it can restore to, so that what comes after it is listed and not lost', async () => {
    const source = { region: REGION, instance: 'db-g2' }
    expect(await restore().momentOf(source, { kind: 'time', at: '2026-11-28T11:03:07.900-03:00' })).toBe(
      '2026-11-28T14:03:07.000Z',
    )
  })

  const restore = () =>
    new RdsRestore(new RDSClient(clientSettings(REGION)), {
      region: REGION,
      isTestCopy: (name) => name.startsWith('db-test-'),
      securityGroups: { databases: 'sg-databases', testCopies: 'sg-copies' },
      moments: { momentOf: async () => told },
    })
  let told: string | undefined
  const source = { region: REGION, instance: 'db-g4' }
  const copy = { region: REGION, instance: 'db-copy' }
  const wanted = { key: 'run-1/restore', at: '2026-11-28T11:30:00.900Z', copy }
  const made = () => aws.current.rds.instances.get('db-copy')?.restoredBy
  const history = { earliest: '2026-10-24T12:00:00.000Z', latest: '2026-11-28T11:55:07.000Z' }
  beforeEach(() => {
    aws.current.rds.instances.delete('db-copy')
    aws.current.rds.instances.set('db-g4', { status: 'available', tags: new Map(), history })
  })

  it('gives the copy the settings and the subnets of its source, protected, and marked as what may write', async () => {
    await restore().begin(source, wanted)
    expect(Object.fromEntries(made()!)).toMatchObject({
      SourceDBInstanceIdentifier: 'db-g4',
      DBParameterGroupName: 'settings-of-db-g4',
      DBSubnetGroupName: 'isolated',
      'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-databases',
      PubliclyAccessible: 'false',
      DeletionProtection: 'true',
      EnableIAMDatabaseAuthentication: 'true',
    })
    expect(made()?.has('UseLatestRestorableTime')).toBe(false)
    expect([...aws.current.rds.instances.get('db-copy')!.tags]).toEqual([
      ['recovery:restore', wanted.key],
      [WRITER_TAG.key, WRITER_TAG.value],
    ])
  })

  it('makes a test copy that only our functions reach, that no plan backs up, and that can be removed unchanged', async () => {
    await restore().begin(source, { ...wanted, copy: { region: REGION, instance: 'db-test-1' } })
    const { restoredBy, tags } = aws.current.rds.instances.get('db-test-1')!
    expect(Object.fromEntries(restoredBy!)).toMatchObject({
      'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-copies',
      DeletionProtection: 'false',
    })
    expect([...tags.keys()]).toEqual(['recovery:restore'])
  })

  it('never goes past the moment: RDS takes whole seconds', async () => {
    await restore().begin(source, wanted)
    expect(made()?.get('RestoreTime')).toBe('2026-11-28T11:30:00Z')
  })

  it('recognises its own copy where the answer was lost, and leaves that of another request', async () => {
    aws.current.breaks('rds:RestoreDBInstanceToPointInTime', 'lost-answer')
    await restore().begin(source, wanted)
    await expect(restore().begin(source, { ...wanted, key: 'run-2/restore' })).rejects.toMatchObject({
      code: 'COPY_EXISTS',
    })
  })

  it('knows the window, and moments of any offset in UTC, in the whole seconds that it restores to', async () => {
    expect(await restore().window(source)).toEqual(history)
    const at = '2026-11-28T09:30:00.750-03:00'
    expect(await restore().momentOf(source, { kind: 'time', at })).toBe('2026-11-28T12:30:00.000Z')
  })

  it.each([
    { kind: 'marker', name: 'release-1' },
    { kind: 'transaction', id: '7' },
  ] as const)('asks the database when a $kind was, and never goes past it', async (target) => {
    told = undefined
    expect(await restore().momentOf(source, target)).toBeUndefined()
    told = '2026-11-28T11:30:00.999999Z'
    expect(await restore().momentOf(source, target)).toBe('2026-11-28T11:30:00.000Z')
  })

  it('begins once for one key, and touches nothing that it did not make', async () => {
    await restore().begin(source, wanted)
    await restore().begin(source, wanted)
    await expect(restore().begin(source, { ...wanted, copy: replica })).rejects.toMatchObject({ failure: 'conflict' })
    expect(aws.current.callsOf('rds:RestoreDBInstanceToPointInTime')).toHaveLength(1)
  })

  it('has no window without backups, and says so of a restore', async () => {
    delete aws.current.rds.instances.get('db-g4')!.history
    expect(await restore().window(source)).toBeUndefined()
    await expect(restore().begin(source, wanted)).rejects.toMatchObject({ failure: 'conflict' })
  })

  it('says invalid for a source that is gone or stands elsewhere', async () => {
    await expect(restore().begin({ ...source, instance: 'none' }, wanted)).rejects.toMatchObject({
      code: 'INSTANCE_MISSING',
    })
    await expect(restore().window({ ...source, region: 'sa-east-1' })).rejects.toMatchObject({ code: 'REGION_FOREIGN' })
  })
})
