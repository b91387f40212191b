import { Match } from 'aws-cdk-lib/assertions'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { TrafficSwitchBucket, type TrafficSwitchBucketProps } from '../../../lib/constructs/traffic-switch-bucket'
import { synthOne } from '../synth'

const synth = (overrides: Partial<TrafficSwitchBucketProps> = {}) =>
  synthOne(
    (scope) =>
      new TrafficSwitchBucket(scope, 'Switch', {
        bucketName: 'switch',
        accessLogs: new Bucket(scope, 'Logs'),
        readableKeys: ['a', 'b'],
        checkerRanges: ['15.177.0.0/18'],
        ...overrides,
      }),
  )

interface Statement {
  readonly Effect: string
  readonly Action: string
  readonly Resource: readonly { readonly 'Fn::Join': readonly [string, readonly unknown[]] }[]
  readonly Condition?: unknown
}
const policyOf = () => {
  const policies = Object.values(synth().findResources('AWS::S3::BucketPolicy'))
  const documents = policies.map(
    (p) => (p['Properties'] as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument,
  )
  return documents.flatMap(({ Statement: all }) => all)
}

test('lets anonymous readers get exactly its keys, only from the given addresses', () => {
  const [allowed, ...others] = policyOf().filter(
    ({ Effect, Action }) => Effect === 'Allow' && Action === 's3:GetObject',
  )
  expect(others).toEqual([])
  expect(allowed?.Condition).toEqual({ IpAddress: { 'aws:SourceIp': ['15.177.0.0/18'] } })
  expect(allowed?.Resource.map((arn) => arn['Fn::Join'][1].at(-1))).toEqual(['/a', '/b'])
})

test('refuses connections without TLS and never becomes public', () => {
  expect(
    policyOf()
      .filter(({ Effect }) => Effect === 'Deny')
      .map(({ Condition }) => Condition),
  ).toContainEqual({
    Bool: { 'aws:SecureTransport': 'false' },
  })
  synth().hasResourceProperties('AWS::S3::Bucket', {
    BucketName: 'switch',
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  })
})

test('is encrypted by S3, since a checker holds no key', () => {
  synth().hasResourceProperties('AWS::S3::Bucket', {
    BucketName: 'switch',
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'switch/' }),
  })
})

test.each(['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/33', 'anywhere'])('fails when a checker range is %s', (range) => {
  expect(() => synth({ checkerRanges: [range] })).toThrow(/IPv4 CIDR of \/16 or narrower/)
})
