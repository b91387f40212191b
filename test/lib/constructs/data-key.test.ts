import { Match } from 'aws-cdk-lib/assertions'
import { DataKey, type DataKeyProps } from '../../../lib/constructs/data-key'
import { synthOne } from '../synth'

const synth = (overrides: Partial<DataKeyProps> = {}) =>
  synthOne((scope) => new DataKey(scope, 'Key', { alias: 'alias/x', description: 'x', ...overrides }))

interface Statement {
  readonly Sid: string
  readonly Effect: string
  readonly Principal: unknown
  readonly Action: string | readonly string[]
  readonly Condition?: unknown
}

function statements(overrides: Partial<DataKeyProps> = {}): readonly Statement[] {
  const [key] = Object.values(synth(overrides).findResources('AWS::KMS::Key'))
  return (key!['Properties'] as { KeyPolicy: { Statement: Statement[] } }).KeyPolicy.Statement
}
const named = (sid: string, overrides: Partial<DataKeyProps> = {}) =>
  statements(overrides).find((statement) => statement.Sid === sid)
const actions = (sid: string) => [named(sid)?.Action ?? []].flat()

test('denies everybody deletion and disabling', () => {
  expect(named('NobodyDeletesOrDisables')).toMatchObject({
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  })
})

test('lets who administers not use, and who uses not administer', () => {
  const [administration, use] = [actions('Administration'), actions('Use')]
  expect(administration).not.toContain('kms:Decrypt')
  expect(administration.filter((action) => use.includes(action))).toEqual(['kms:DescribeKey'])
  expect(use).not.toContain('kms:PutKeyPolicy')
})

test('is granted on only to services of AWS', () => {
  const granting = statements().filter(({ Action }) => [Action].flat().includes('kms:CreateGrant'))
  expect(granting.map(({ Condition }) => Condition)).toEqual([{ Bool: { 'kms:GrantIsForAWSResource': 'true' } }])
})

test('rotates where KMS can rotate and signs with P-256 where it cannot', () => {
  synth().hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true })
  synth({ use: 'sign' }).hasResourceProperties('AWS::KMS::Key', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
    EnableKeyRotation: Match.absent(),
  })
})

test('a key that signs encrypts nothing', () => {
  const all = statements({ use: 'sign' }).flatMap(({ Action }) => [Action].flat())
  expect(all).toContain('kms:Sign')
  expect(all.filter((action) => /crypt|DataKey|CreateGrant/.test(action))).toEqual([])
})

test('a service uses it for this account only', () => {
  expect(named('Servicesns', { services: ['sns.amazonaws.com'] })).toMatchObject({
    Principal: { Service: 'sns.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
  })
})

test('through a service it serves whoever may use the resources of that service, in this account', () => {
  expect(named('ThroughService')).toBeUndefined()
  expect(named('ThroughService', { throughService: 'dynamodb' })?.Condition).toEqual({
    StringEquals: { 'kms:CallerAccount': '111122223333', 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' },
  })
})

// https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
test('opens to the account that copies its recovery points, for use and never for administration', () => {
  expect(named('CopyingAccount')).toBeUndefined()
  const opened = statements({ copyingAccount: '444455556666' }).filter(({ Principal }) =>
    JSON.stringify(Principal).includes('444455556666'),
  )
  const granted = opened.flatMap(({ Action }) => [Action].flat())
  expect(granted).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant']))
  expect(granted.filter((action) => actions('Administration').includes(action))).toEqual(['kms:DescribeKey'])
})

// Tied to the service of one region, the key would refuse the copy in the other one.
test('serves the role of AWS Backup wherever it works from', () => {
  expect(named('ServiceRoles')).toMatchObject({ Effect: 'Allow', Principal: { AWS: '*' } })
  expect(JSON.stringify(named('ServiceRoles')?.Condition)).toMatch(
    /role\/aws-service-role\/backup\.amazonaws\.com\/AWSServiceRoleForBackup/,
  )
  expect(JSON.stringify(statements())).not.toContain('kms:ViaService')
})

test('stays when its stack goes, under its alias', () => {
  synth().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
  synth().hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/x' })
})
