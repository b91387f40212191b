import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Match, type Template } from 'aws-cdk-lib/assertions'
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { FunctionContract } from '../../../lambda/contract'
import { RecoveryFunction, type RecoveryFunctionProps } from '../../../lib/constructs/recovery-function'
import { Names } from '../../../lib/names'
import { neonpro } from '../../../policy/neonpro'
import { importedKey, importedNetwork, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const folder = mkdtempSync(join(tmpdir(), 'asset-'))
writeFileSync(join(folder, 'handler.mjs'), 'export const handler = () => {}\n')
const names = new Names(neonpro)
const contract: FunctionContract = {
  name: 'observer',
  places: ['recovery'],
  network: 'none',
  timeoutSeconds: 42,
  environment: ['POLICY_PATH', 'POLICY_HASH', 'FENCE_FUNCTION'],
  permissions: [
    { actions: ['dynamodb:GetItem'], on: 'recovery-coordination-table', leadingKeys: ['writer-epoch'] },
    { actions: ['rds:AddTagsToResource'], on: 'promotable-replicas', tagKeys: ['recovery:promoted'] },
  ],
}
const synth = (overrides: Partial<FunctionContract> = {}, isolated = false) =>
  synthOne((scope) => {
    const props: RecoveryFunctionProps = {
      contract: { ...contract, ...overrides },
      around: {
        names,
        role: 'recovery',
        policyHash: 'abc',
        parameterPaths: ['/neonpro/configuration'],
        secrets: ['application'],
        logins: ['clinic_app'],
        restoreTestPlans: [],
        archivedClasses: ['phi'],
        archivedTables: [],
        archivedParts: [],
        databaseName: 'clinic',
        environment: 'test',
        instances: ['neonpro-production-db-g2'],
        replicas: ['neonpro-production-db-g2'],
        keyArn: () => KEY_ARN,
        serving: () => 'db-g2',
        replicatedSecrets: [],
        applicationHooks: [],
        released: [],
        functions: ['guard'],
        queues: [],
        audiences: ['level-1', 'owner-devops-lead'],
      },
      code: Code.fromAsset(folder),
      policyLayer: new LayerVersion(scope, 'Layer', { code: Code.fromAsset(folder) }),
      key: importedKey(scope),
      logRetention: RetentionDays.ONE_YEAR,
      deadLetters: new Queue(scope, 'DeadLetters'),
      ...(isolated && { network: importedNetwork(scope) }),
    }
    new RecoveryFunction(scope, 'Function', props)
  })

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}
const statementsOf = (template: Template): readonly Statement[] =>
  Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    (p) => (p['Properties'] as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement,
  )

test('may do what its contract says under the conditions it says, and of the rest only what running takes', () => {
  const statements = statementsOf(synth())
  expect(statements.slice(0, 2)).toEqual([
    {
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: names.coordinationTableArn('recovery'),
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['writer-epoch'] } },
    },
    {
      Effect: 'Allow',
      Action: 'rds:AddTagsToResource',
      Resource: names.databaseArn('recovery', 2),
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['recovery:promoted'] } },
    },
  ])
  const services = statements.slice(2).flatMap(({ Action }) => [Action].flat().map((action) => action.split(':')[0]))
  expect(new Set(services)).toEqual(new Set(['kms', 'logs', 'sqs', 'xray']))
})

test('is told what its contract lists, from chosen names', () => {
  synth().hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: names.function('observer'),
    Timeout: 42,
    KmsKeyArn: KEY_ARN,
    Environment: {
      Variables: {
        POLICY_PATH: '/opt/policy.json',
        POLICY_HASH: 'abc',
        FENCE_FUNCTION: names.function('fence'),
      },
    },
  })
})

test('carries the policy only where it reads it', () => {
  synth().hasResourceProperties('AWS::Lambda::Function', { Layers: [Match.anyValue()] })
  synth({ environment: [] }).hasResourceProperties('AWS::Lambda::Function', { Layers: Match.absent() })
})

test('fails when a contract asks for a variable that nothing here knows', () => {
  expect(() => synth({ environment: ['WEATHER'] })).toThrow(/no value is known for the variable 'WEATHER'/)
})

test('fails when it has to stand in isolated subnets and none were given', () => {
  expect(() => synth({ network: 'isolated' })).toThrow(/'observer' has to stand in isolated subnets/)
})

test('stands in isolated subnets where its contract says so, and outside of any network elsewhere', () => {
  synth({ network: 'isolated' }, true).hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] },
  })
  synth({}, true).hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() })
})

test('keeps capacity free for itself, repeats nothing by itself, and hands on what it could not take', () => {
  const template = synth()
  template.hasResourceProperties('AWS::Lambda::Function', {
    ReservedConcurrentExecutions: 3,
    DeadLetterConfig: { TargetArn: Match.anyValue() },
  })
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 })
})

test('grants nothing where the region has nothing of the kind, and says so in the variable', () => {
  const template = synth({
    environment: ['REBUILT_INSTANCE', 'NOTIFICATION_TOPICS'],
    permissions: [{ actions: ['lambda:InvokeFunction'], on: 'own-journal-relay-function' }],
  })
  expect(statementsOf(template).flatMap(({ Action }) => Action)).not.toContain('lambda:InvokeFunction')
  const topics = (['level-1', 'owner-devops-lead'] as const).map((to) => `${to}=${names.topicArn('recovery', to)}`)
  const variables = { REBUILT_INSTANCE: 'none', NOTIFICATION_TOPICS: topics.join(',') }
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: variables } })
})

test('uses the key of another region only by its alias', () => {
  const template = synth({ permissions: [{ actions: ['kms:GenerateDataKey'], on: 'other-configuration-keys' }] })
  const [statement] = statementsOf(template).filter(({ Condition }) => Condition)
  expect(statement).toMatchObject({
    Action: 'kms:GenerateDataKey',
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias('configuration') } },
  })
})

test('keeps free as many invocations as its contract asks for', () => {
  synth({ concurrency: 20 }).hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 20 })
  synth().hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 3 })
})
