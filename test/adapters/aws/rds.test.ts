import { RDSClient } from '@aws-sdk/client-rds'
import { WRITER_TAG } from '../../../adapters/aws/agreed-names'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { RdsInventory } from '../../../adapters/aws/rds-inventory'
import { regionalInventory } from '../../../adapters/aws/regional-inventory'
import { RdsPromotion } from '../../../adapters/aws/rds-promotion'
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

describe('RdsRestore', () => {
  it('tells the moment that it can restore to, so that what comes after it is listed and not lost', async () => {
    const source = { region: REGION, instance: 'db-g2' }
    expect(await restore().momentOf(source, { kind: 'time', at: '2026-11-28T11:03:07.900-03:00' })).toBe(
      '2026-11-28T14:03:07.000Z',
    )
  })

  const restore = () =>
    new RdsRestore(new RDSClient(clientSettings(REGION)), { region: REGION, securityGroupId: 'sg-copies' })
  const source = { region: REGION, instance: 'db-g4' }
  const copy = { region: REGION, instance: 'db-copy' }
  const wanted = { key: 'run-1/restore', at: '2026-11-28T11:30:00.900Z', copy }
  const made = () => aws.current.rds.instances.get('db-copy')?.restoredBy
  const history = { earliest: '2026-10-24T12:00:00.000Z', latest: '2026-11-28T11:55:07.000Z' }
  beforeEach(() => {
    aws.current.rds.instances.delete('db-copy')
    aws.current.rds.instances.set('db-g4', { status: 'available', tags: new Map(), history })
  })

  it('gives the copy the settings and the subnets of its source, protected, and reachable for our functions alone', async () => {
    await restore().begin(source, wanted)
    expect(Object.fromEntries(made()!)).toMatchObject({
      SourceDBInstanceIdentifier: 'db-g4',
      DBParameterGroupName: 'settings-of-db-g4',
      DBSubnetGroupName: 'isolated',
      'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-copies',
      PubliclyAccessible: 'false',
      DeletionProtection: 'true',
      EnableIAMDatabaseAuthentication: 'true',
    })
    expect(made()?.has('UseLatestRestorableTime')).toBe(false)
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

  it('knows the window and moments of any offset in UTC, and no transactions or markers', async () => {
    expect(await restore().window(source)).toEqual(history)
    const at = '2026-11-28T09:30:00-03:00'
    expect(await restore().momentOf(source, { kind: 'time', at })).toBe('2026-11-28T12:30:00.000Z')
    expect(await restore().momentOf(source, { kind: 'marker', name: 'release-1' })).toBeUndefined()
    expect(await restore().momentOf(source, { kind: 'transaction', id: '7' })).toBeUndefined()
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
