import { Duration, Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LayerVersion, type Code, type Function } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { FunctionContract } from '../../lambda/contract'
import type { Surroundings } from '../function-bindings'
import { RecoveryFunction, type IsolatedNetwork } from './recovery-function'

/** Where the code of functions comes from: bundled folders, or what a test puts in their place. */
export interface FunctionCode {
  function(name: string): Code
  policyLayer(): Code
}

export interface FunctionFleetProps {
  /** Contracts for every region; those of other regions are left out. */
  readonly contracts: readonly FunctionContract[]
  readonly around: Surroundings
  readonly code: FunctionCode
  readonly key: IKey
  readonly logRetention: RetentionDays
  /** @default none: the witness region has no database and no functions beside one */
  readonly network?: IsolatedNetwork
}

/** The functions of one stack, with the policy they share and one queue for what they could not take. */
export class FunctionFleet extends Construct {
  readonly deadLetters: Queue
  private readonly functions: ReadonlyMap<string, Function>

  constructor(scope: Construct, id: string, props: FunctionFleetProps) {
    super(scope, id)
    const { around, code, contracts, ...shared } = props
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: around.names.deadLetters(Stack.of(this).stackName),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      enforceSSL: true,
      // The longest SQS keeps a message (API reference, MessageRetentionPeriod).
      retentionPeriod: Duration.days(14),
    })
    const policyLayer = new LayerVersion(this, 'Policy', {
      code: code.policyLayer(),
      description: `The resolved policy ${around.policyHash.slice(0, 12)}`,
    })
    this.functions = new Map(
      contracts
        .filter(({ places }) => places.includes(around.role))
        .map((contract) => {
          const { function: fn } = new RecoveryFunction(this, contract.name, {
            ...shared,
            contract,
            around,
            code: code.function(contract.name),
            policyLayer,
            deadLetters: this.deadLetters,
          })
          return [contract.name, fn]
        }),
    )
  }

  /** One of the functions; undefined where this region has none of that name. */
  find(name: string): Function | undefined {
    return this.functions.get(name)
  }
}
