import type { SynthesizedStack, Template } from '../../emulator/assembly'
import { requireKnownTypes, shimsOf, withShims } from '../../emulator/shims'
import { MISSING } from '../../emulator/resource-types'

const stackOf = (Resources: Template['Resources']): SynthesizedStack[] => [
  { name: 'some-stack', region: 'eu-west-1', file: 'some.template.json', template: { Resources } },
]
const CHECK = { Type: 'AWS::Route53::HealthCheck', Properties: { HealthCheckConfig: { Type: 'HTTPS' } } }

describe('types of a template', () => {
  it('are accepted where each was seen created or is listed as missing', () => {
    expect(() => requireKnownTypes(stackOf({ Bucket: { Type: 'AWS::S3::Bucket' }, Check: CHECK }))).not.toThrow()
  })

  it('are refused with stack and resource where one is neither', () => {
    const planted = stackOf({ Tape: { Type: 'AWS::StorageGateway::Tape' }, Check: CHECK })
    expect(() => requireKnownTypes(planted)).toThrow('AWS::StorageGateway::Tape (some-stack, Tape)')
  })

  it.each([
    'AWS::Backup::BackupVault',
    'AWS::Backup::LogicallyAirGappedBackupVault',
    'AWS::KMS::Key',
    'AWS::RDS::DBInstance',
    'AWS::StepFunctions::StateMachine',
  ])('are refused where somebody lists %s as missing', (type) => {
    const planted = [...MISSING, { type, notShown: 'everything' }]
    expect(() => requireKnownTypes(stackOf({}), new Set(), planted)).toThrow(`${type} may have no placeholder`)
  })

  it('stand among the missing once and with a reason each', () => {
    const keys = MISSING.map(({ type, having }) => `${type} ${having}`)
    expect(new Set(keys).size).toBe(keys.length)
    for (const { notShown } of MISSING) expect(notShown).not.toBe('')
  })
})

describe('a placeholder', () => {
  it('creates nothing, keeps what it depended on out, and is counted by type', () => {
    const stacks = stackOf({ One: CHECK, Two: CHECK, Bucket: { Type: 'AWS::S3::Bucket' } })
    expect(withShims(stacks[0]!.template).Resources).toEqual({
      One: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Two: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Bucket: { Type: 'AWS::S3::Bucket' },
    })
    expect(shimsOf(stacks)).toEqual([expect.objectContaining({ type: 'AWS::Route53::HealthCheck', count: 2 })])
  })

  it('takes the place of one resource of a type for a property, and leaves the others of the type', () => {
    const { Resources } = withShims({
      Resources: {
        Sum: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [] } },
        Plain: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
      },
    })
    expect(Resources['Sum']!.Type).toBe('AWS::CloudFormation::WaitConditionHandle')
    expect(Resources['Plain']!.Type).toBe('AWS::CloudWatch::Alarm')
  })

  it('is named wherever it was read, so that nothing looks created', () => {
    const record = (value: unknown) =>
      withShims({
        Resources: {
          Check: CHECK,
          Bucket: { Type: 'AWS::S3::Bucket' },
          Record: { Type: 'AWS::Route53::RecordSet', Properties: { Value: value as string } },
        },
      }).Resources['Record']!.Properties!['Value']
    expect(record({ Ref: 'Check' })).toBe('shimmed-Check')
    expect(record({ 'Fn::GetAtt': ['Check', 'HealthCheckId'] })).toBe('shimmed-Check-HealthCheckId')
    expect(record({ 'Fn::GetAtt': 'Check.HealthCheckId' })).toBe('shimmed-Check-HealthCheckId')
    expect(record({ 'Fn::Sub': 'a ${Check.HealthCheckId} ${Bucket}' })).toEqual({
      'Fn::Sub': 'a shimmed-Check-HealthCheckId ${Bucket}',
    })
    expect(record({ 'Fn::Join': ['', [{ Ref: 'Check' }, { Ref: 'Bucket' }]] })).toEqual({
      'Fn::Join': ['', ['shimmed-Check', { Ref: 'Bucket' }]],
    })
  })
})
