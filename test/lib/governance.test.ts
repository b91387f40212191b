import { parsePolicy, withRecoveryRegion, type Policy } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { PRESETS } from '../policy/presets'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)
const { regions } = policy.topology
const regionsOf = (type: string, tree = stacks) => resourcesOf(tree, type).map(({ region }) => region)
const only = (type: string, tree: readonly SynthesizedStack[] = stacks) => {
  const [found, ...more] = resourcesOf(tree, type)
  if (!found || more.length > 0) throw new Error(`expected one ${type}, found ${more.length + (found ? 1 : 0)}`)
  return found
}
const statements = (bucketStack: string, bucketId: RegExp) =>
  resourcesOf(stacks, 'AWS::S3::BucketPolicy')
    .filter(({ stack, id }) => stack === bucketStack && bucketId.test(id))
    .flatMap(
      ({ Properties }) =>
        (Properties!['PolicyDocument'] as { Statement: { Sid?: string; Effect: string }[] }).Statement,
    )

describe('the trail', () => {
  const trail = only('AWS::CloudTrail::Trail')

  it('records every call of every region, signed, under a key of our own', () => {
    expect(trail.Properties).toMatchObject({
      TrailName: names.trail(),
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      KMSKeyId: expect.anything(),
    })
    expect(JSON.stringify(trail.Properties?.['AdvancedEventSelectors'])).toContain('"Management"')
  })

  it('is kept where recovery is run from, so that it is not lost with the primary region', () => {
    expect(trail.region).toBe(regions.recovery)
    expect(only('AWS::CloudTrail::Trail', synthesize(PRESETS['brazil-only'])).region).toBe(regions.primary)
  })

  it('records every write into each bucket that the policy names, in every region that has it', () => {
    const selectors = JSON.stringify(trail.Properties?.['AdvancedEventSelectors'])
    for (const role of names.roles) expect(selectors).toContain(`"${names.bucketArn('evidence', role)}/"`)
    for (const role of names.dataRoles) expect(selectors).toContain(`"${names.bucketArn('configuration', role)}/"`)
    expect(selectors).not.toContain(names.bucketArn('assets', 'primary'))
  })

  it('goes into a bucket that is locked for as long as operational data is kept, and that only this trail writes', () => {
    const [bucket] = resourcesOf(stacks, 'AWS::S3::Bucket').filter(
      ({ Properties }) => Properties?.['BucketName'] === names.bucket('trail', 'recovery'),
    )
    expect(bucket?.Properties?.['ObjectLockConfiguration']).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Days: 731, Mode: 'GOVERNANCE' } },
    })
    const granted = statements(names.stack('audit', 'recovery'), /Trail/).filter(({ Effect }) => Effect === 'Allow')
    const sent = granted.filter(({ Sid }) => Sid?.startsWith('Trail'))
    expect(sent).toHaveLength(2)
    for (const statement of sent) expect(JSON.stringify(statement)).toContain(names.trailArn())
  })
})

describe('the recorder of AWS Config', () => {
  it('stands in each data region, and records what is global once', () => {
    const recorders = resourcesOf(stacks, 'AWS::Config::ConfigurationRecorder')
    expect(
      recorders.map(({ region, Properties }) => [
        region,
        (Properties!['RecordingGroup'] as { IncludeGlobalResourceTypes: boolean }).IncludeGlobalResourceTypes,
      ]),
    ).toEqual(
      expect.arrayContaining([
        [regions.primary, false],
        [regions.recovery, true],
      ]),
    )
    expect(recorders).toHaveLength(2)
  })

  it('delivers into a bucket without a default retention, into which it could not deliver, and in which nobody deletes', () => {
    for (const { Properties, stack, region } of resourcesOf(stacks, 'AWS::Config::DeliveryChannel')) {
      const [bucket] = resourcesOf(stacks, 'AWS::S3::Bucket').filter(
        (b) => b.Properties?.['BucketName'] === Properties?.['S3BucketName'],
      )
      expect([bucket?.region, bucket?.Properties?.['ObjectLockConfiguration']]).toEqual([region, undefined])
      const denied = statements(bucket!.stack, /Audit/).filter(({ Effect }) => Effect === 'Deny')
      expect(JSON.stringify(denied)).toContain('s3:DeleteObjectVersion')
      expect(stacks.find(({ name }) => name === stack)?.dependencies).toContain(bucket?.stack)
    }
  })

  // https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigurationRecorder.html
  it('does not wait for its channel, nor the channel for it: CloudFormation starts it once both are there', () => {
    for (const { template } of stacks) {
      const resources = Object.entries(template.Resources)
      const idsOf = (type: string) => resources.filter(([, { Type }]) => Type === type).map(([id]) => id)
      const pairs = [...idsOf('AWS::Config::ConfigurationRecorder'), ...idsOf('AWS::Config::DeliveryChannel')]
      for (const id of pairs)
        for (const other of pairs) expect(JSON.stringify(template.Resources[id])).not.toContain(`"${other}"`)
    }
  })
})

describe('the detector of GuardDuty', () => {
  it('looks in every region that holds anything of ours', () => {
    expect(new Set(regionsOf('AWS::GuardDuty::Detector'))).toEqual(new Set(Object.values(regions)))
  })
})

describe('what stands already in the account', () => {
  const reason = 'the organization runs it for all of its accounts'
  const existing: Policy = parsePolicy({
    ...policy,
    governance: {
      ...policy.governance,
      trail: { mode: 'existing', reason },
      recorder: { mode: 'existing', reason },
      detector: { mode: 'existing', reason },
    },
    transfers: policy.transfers.filter(({ flow }) => flow !== 'audit-trail'),
  })

  it.each([
    'AWS::CloudTrail::Trail',
    'AWS::Config::ConfigurationRecorder',
    'AWS::Config::DeliveryChannel',
    'AWS::GuardDuty::Detector',
  ])('a second %s is not created', (type) => {
    expect(regionsOf(type).length).toBeGreaterThan(0)
    expect(regionsOf(type, synthesize(existing))).toEqual([])
  })

  it('needs a reason', () => {
    const silent = { ...policy.governance, recorder: { mode: 'existing', reason: '' } }
    expect(() => parsePolicy({ ...policy, governance: silent })).toThrow(/governance\.recorder\.reason/)
  })
})
