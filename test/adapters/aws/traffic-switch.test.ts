import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { S3TrafficSwitch } from '../../../adapters/aws/s3-traffic-switch'
import { servedInstance } from '../../../adapters/aws/served-instance'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const place = (region: string, bucket: string) => ({ client: new S3Client(clientSettings(region)), bucket })
const makeSwitch = () =>
  new S3TrafficSwitch(
    { recovery: place('eu-west-1', 'switch-recovery'), witness: place('eu-central-1', 'switch-witness') },
    { recoveryRegion: 'eu-west-1', regions: ['sa-east-1', 'eu-west-1'], next: 'db-g3' },
    async () => undefined,
  )
const toRecovery = (epoch: number) => ({ region: 'eu-west-1', epoch, key: 'run-1/switch-traffic' })
const objects = () => [...aws.current.s3.objects.keys()]

describe('S3TrafficSwitch', () => {
  it('puts the object of each place into its own bucket and region', async () => {
    await makeSwitch().point('recovery', toRecovery(2))
    await makeSwitch().point('witness', toRecovery(2))
    expect(objects()).toEqual(['switch-recovery/traffic-in-recovery', 'switch-witness/traffic-in-recovery'])
    expect(aws.current.callsOf('s3:PutObject').map((call) => call.region)).toEqual(['eu-west-1', 'eu-central-1'])
  })

  it('changes nothing the second time', async () => {
    await makeSwitch().point('recovery', toRecovery(2))
    await makeSwitch().point('recovery', toRecovery(2))
    expect(aws.current.callsOf('s3:PutObject')).toHaveLength(1)
  })

  it('never lets an older epoch overrule a newer one', async () => {
    await makeSwitch().point('recovery', toRecovery(3))
    await expect(makeSwitch().point('recovery', toRecovery(2))).rejects.toMatchObject({ code: 'SWITCH_NEWER' })
    await expect(makeSwitch().point('recovery', { ...toRecovery(2), region: 'sa-east-1' })).rejects.toMatchObject({
      failure: 'conflict',
    })
    expect(objects()).toHaveLength(1)
  })

  it('takes the object away when traffic goes home, and is content when there is none', async () => {
    await makeSwitch().point('recovery', toRecovery(2))
    const home = { region: 'sa-east-1', epoch: 3, key: 'run-2/switch-traffic' }
    await makeSwitch().point('recovery', home)
    await makeSwitch().point('recovery', home)
    expect(objects()).toEqual([])
  })

  it('moves inside a region by an object of its own, before it moves the region, and takes it back with the region', async () => {
    const beside = { region: 'sa-east-1', instance: 'db-g3', epoch: 2, key: 'run-1/switch-traffic' }
    await makeSwitch().point('recovery', beside)
    expect(objects()).toEqual(['switch-recovery/traffic-in-sa-east-1-at-db-g3'])
    await makeSwitch().point('recovery', { ...toRecovery(3), instance: 'db-g3' })
    expect(objects()).toEqual([
      'switch-recovery/traffic-in-sa-east-1-at-db-g3',
      'switch-recovery/traffic-in-eu-west-1-at-db-g3',
      'switch-recovery/traffic-in-recovery',
    ])
    await makeSwitch().point('recovery', { ...beside, instance: 'db-g1', epoch: 4 })
    expect(objects()).toEqual(['switch-recovery/traffic-in-eu-west-1-at-db-g3'])
  })

  it('recognises its own object when the answer to writing it was lost', async () => {
    aws.current.breaks('s3:PutObject', 'lost-answer')
    await makeSwitch().point('recovery', toRecovery(2))
    expect(aws.current.callsOf('s3:PutObject')).toHaveLength(2)
  })

  it('knows that it took its object away when the answer to that was lost', async () => {
    await makeSwitch().point('recovery', toRecovery(2))
    aws.current.breaks('s3:DeleteObject', 'lost-answer')
    await makeSwitch().point('recovery', { region: 'sa-east-1', epoch: 3, key: 'run-2/switch-traffic' })
    expect(aws.current.callsOf('s3:DeleteObject')).toHaveLength(2)
    expect(objects()).toEqual([])
  })

  it('says so when an object stays that it could not take away', async () => {
    await makeSwitch().point('recovery', toRecovery(2))
    aws.current.breaks('s3:DeleteObject', 'denied')
    const home = { region: 'sa-east-1', epoch: 3, key: 'run-2/switch-traffic' }
    await expect(makeSwitch().point('recovery', home)).rejects.toMatchObject({ failure: 'denied' })
    expect(objects()).toHaveLength(1)
  })

  it('says so when a place refuses', async () => {
    aws.current.breaks('s3:PutObject', 'denied')
    await expect(makeSwitch().point('witness', toRecovery(2))).rejects.toMatchObject({ failure: 'denied' })
  })
})

const told = (targets: readonly string[], addresses: readonly string[] = []) =>
  servedInstance(
    { cname: async () => targets, addresses: async () => addresses },
    'db.neonpro.healthcare',
    'neonpro-db-g3',
  )
const endpoint = (instance: string) => `${instance}.abc123.sa-east-1.rds.amazonaws.com`

describe('the database clients are told', () => {
  it('is that of the RDS endpoint behind the name', async () => {
    expect(await told([endpoint('neonpro-db-g1')])).toEqual({ region: 'sa-east-1', instance: 'neonpro-db-g1' })
    expect(await told(['NeonPro-db-g2.abc123.eu-west-1.rds.amazonaws.com.'])).toEqual({
      region: 'eu-west-1',
      instance: 'neonpro-db-g2',
    })
  })

  it('is none for a name that points to nothing of ours', async () => {
    expect(await told([])).toBeUndefined()
    expect(await told(['eu-west-1.rds.amazonaws.com.example.org'])).toBeUndefined()
  })

  it('is the next one only where the endpoint that was derived for it leads to an address', async () => {
    expect(await told([endpoint('neonpro-db-g3')])).toBeUndefined()
    expect(await told([endpoint('neonpro-db-g3')], ['10.0.0.1'])).toMatchObject({ instance: 'neonpro-db-g3' })
  })
})
