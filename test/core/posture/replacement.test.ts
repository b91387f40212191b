import type { Json } from '../../../core/json'
import { baselineOf, losses, unheld, unknownTypes } from '../../../core/posture/replacement'
import { replacingProperties } from '../../../scripts/replacing-properties'

const replacing = replacingProperties()

type Properties = { readonly [name: string]: Json }

const held = (Type: string, Properties: Properties, { stack = 'data', region = 'sa-east-1' } = {}) =>
  baselineOf([{ stack, region, resources: { Thing: { Type, Properties } } }], replacing)

const table = held('AWS::DynamoDB::GlobalTable', { TableName: 'a', BillingMode: 'PAY_PER_REQUEST' })

it('holds only what holds data, and only what replaces it', () => {
  expect(table).toEqual({
    'data/Thing': { type: 'AWS::DynamoDB::GlobalTable', region: 'sa-east-1', properties: { TableName: 'a' } },
  })
  expect(held('AWS::Lambda::Function', { FunctionName: 'a' })).toEqual({})
})

it.each([
  ['deleted', {}, 'data/Thing (AWS::DynamoDB::GlobalTable) would be deleted, or left without a stack'],
  [
    'moved into another stack',
    held('AWS::DynamoDB::GlobalTable', { TableName: 'a' }, { stack: 'other' }),
    'data/Thing (AWS::DynamoDB::GlobalTable) would be deleted, or left without a stack',
  ],
  [
    'moved to another region',
    held('AWS::DynamoDB::GlobalTable', { TableName: 'a' }, { region: 'eu-west-1' }),
    'data/Thing (AWS::DynamoDB::GlobalTable) would be replaced: it moves from sa-east-1 to eu-west-1',
  ],
  [
    'made something else',
    held('AWS::S3::Bucket', {}),
    'data/Thing would be replaced: it becomes a AWS::S3::Bucket, and is a AWS::DynamoDB::GlobalTable',
  ],
  [
    'renamed',
    held('AWS::DynamoDB::GlobalTable', { TableName: 'b' }),
    'data/Thing (AWS::DynamoDB::GlobalTable) would be replaced: TableName changes from "a" to "b"',
  ],
  [
    'left without the name that it had',
    held('AWS::DynamoDB::GlobalTable', {}),
    'data/Thing (AWS::DynamoDB::GlobalTable) would be replaced: TableName changes from "a" to nothing',
  ],
])('names what would be %s', (_, now, sentence) => {
  expect(losses(table, now, replacing).map((loss) => loss.sentence)).toEqual([sentence])
})

it('says may where it depends', () => {
  const database = (MultiAZ: boolean) => held('AWS::RDS::DBInstance', { MultiAZ })
  expect(losses(database(true), database(false), replacing)).toEqual([
    {
      subject: 'data/Thing',
      path: 'MultiAZ',
      before: true,
      after: false,
      sentence: 'data/Thing (AWS::RDS::DBInstance) may be replaced: MultiAZ changes from true to false',
    },
  ])
})

it('lets pass what changes in place, and names what is new', () => {
  const changed = held('AWS::DynamoDB::GlobalTable', { TableName: 'a', BillingMode: 'PROVISIONED' })
  expect(losses(table, changed, replacing)).toEqual([])
  expect(losses({}, table, replacing)).toEqual([])
  expect(unheld({}, table)).toEqual(['data/Thing'])
  expect(unheld(table, table)).toEqual([])
})

it('names types of which nobody has said whether they hold data, and holds the usual ones before we have them', () => {
  const of = (...types: readonly string[]) => [
    { stack: 'data', region: 'sa-east-1', resources: Object.fromEntries(types.map((Type) => [Type, { Type }])) },
  ]
  expect(unknownTypes(of('AWS::Neptune::DBCluster', 'AWS::RDS::DBInstance', 'AWS::IAM::Role'))).toEqual([
    'AWS::Neptune::DBCluster',
  ])
  const usual = ['AWS::DynamoDB::Table', 'AWS::EFS::FileSystem', 'AWS::RDS::DBCluster']
  expect(unknownTypes(of(...usual))).toEqual([])
  expect(Object.values(baselineOf(of(...usual), replacing)).map(({ type }) => type)).toEqual(usual)
})

it('holds the key of a database, a vault and the lock of a bucket', () => {
  expect(replacing('AWS::RDS::DBInstance').get('KmsKeyId')).toBe('yes')
  expect(replacing('AWS::Backup::BackupVault').get('EncryptionKeyArn')).toBe('yes')
  expect(replacing('AWS::S3::Bucket').get('ObjectLockEnabled')).toBe('yes')
})
