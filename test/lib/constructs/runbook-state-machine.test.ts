import { Match } from 'aws-cdk-lib/assertions'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { RunbookStateMachine } from '../../../lib/constructs/runbook-state-machine'
import { importedKey, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:runbook-observe'
const definition = { StartAt: 'decide', States: { decide: { Type: 'Task', Resource: FUNCTION, End: true } } }
const template = synthOne(
  (scope) =>
    new RunbookStateMachine(scope, 'Runbook', {
      stateMachineName: 'region-failover',
      roleName: 'region-failover-eu-west-1',
      definition,
      functionArns: [FUNCTION],
      key: importedKey(scope),
      logRetention: RetentionDays.ONE_YEAR,
    }),
)

test('carries the compiled runbook as it is', () => {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'))
  const { DefinitionString } = machine!['Properties'] as { DefinitionString: string }
  expect(JSON.parse(DefinitionString)).toEqual(definition)
})

test('may call its own functions and no other', () => {
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
  const statements = policies.flatMap(
    (p) =>
      (p['Properties'] as { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } }).PolicyDocument
        .Statement,
  )
  const invoking = statements.filter(({ Action }) =>
    [Action].flat().some((action) => String(action).startsWith('lambda:')),
  )
  expect(invoking).toEqual([expect.objectContaining({ Action: 'lambda:InvokeFunction', Resource: FUNCTION })])
})

test('logs each transition without the state that travels through it', () => {
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false, Destinations: [Match.anyValue()] },
  })
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vendedlogs/states/region-failover',
    KmsKeyId: KEY_ARN,
    RetentionInDays: 365,
  })
})

test('lives as long as a recovery takes, traced, and is encrypted with the given key', () => {
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineType: 'STANDARD',
    TracingConfiguration: { Enabled: true },
    EncryptionConfiguration: Match.objectLike({ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: KEY_ARN }),
  })
})
