import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LayerVersion, type Code } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Json } from '../../core/json'
import { EveryMinute } from '../constructs/every-minute'
import { RecoveryFunction, type IsolatedNetwork } from '../constructs/recovery-function'
import { RunbookStateMachine } from '../constructs/runbook-state-machine'
import { FUNCTIONS } from '../functions'
import { runbookFunctionArns } from '../region-failover-machine'
import type { Surroundings } from '../function-bindings'

/** Where the code of functions comes from: bundled folders, or what a test puts in their place. */
export interface FunctionCode {
  function(name: string): Code
  policyLayer(): Code
}

export interface RunbooksStackProps extends StackProps {
  readonly around: Surroundings
  readonly code: FunctionCode
  readonly key: IKey
  readonly logRetention: RetentionDays
  /** @default none: the witness region has no database and no functions beside one */
  readonly network?: IsolatedNetwork
  /** Runbooks this region can execute, by name. @default none */
  readonly runbooks?: Readonly<Record<string, Json>>
}

/** What acts: the functions of one region, and in the recovery region the runbooks that call them. */
export class RunbooksStack extends Stack {
  constructor(scope: Construct, id: string, props: RunbooksStackProps) {
    super(scope, id, props)
    const { around, code, key, logRetention } = props
    const { names, role } = around
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const policyLayer = new LayerVersion(this, 'Policy', {
      code: code.policyLayer(),
      description: `The resolved policy ${around.policyHash.slice(0, 12)}`,
    })
    for (const contract of FUNCTIONS.filter(({ places }) => places.includes(role))) {
      const { function: fn } = new RecoveryFunction(this, contract.name, {
        contract,
        around,
        code: code.function(contract.name),
        policyLayer,
        key,
        logRetention,
        deadLetters,
        ...(props.network && { network: props.network }),
      })
      if (contract.name === 'guard')
        new EveryMinute(this, 'GuardSchedule', {
          scheduleName: names.function('guard'),
          roleName: names.role('guard-schedule', role),
          target: fn,
          key,
        })
    }
    for (const [name, definition] of Object.entries(props.runbooks ?? {}))
      new RunbookStateMachine(this, name, {
        stateMachineName: names.function(name),
        roleName: names.role(name, role),
        definition,
        functionArns: Object.values(runbookFunctionArns(names)),
        key,
        logRetention,
      })
  }
}
