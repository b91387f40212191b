import { Stack, type StackProps } from 'aws-cdk-lib'
import { CfnAlias, Key, type IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { DataKey } from '../constructs/data-key'
import type { KeyPurpose, Names } from '../names'

export interface KeysStackProps extends StackProps {
  readonly names: Names
  readonly purposes: readonly KeyPurpose[]
  /** Keys that exist already, by what they are for. @default none: every key is created */
  readonly existing?: ReadonlyMap<KeyPurpose, string>
  /** Account that holds copies of the database's recovery points. @default none */
  readonly copyingAccount?: string
}

const DESCRIPTION: Record<KeyPurpose, string> = {
  database: 'Patient data in the database, its logs, snapshots and secret',
  backup: 'Copies of recovery points',
  evidence: 'Evidence records',
  coordination: 'Writer epoch, approvals, run journal and erasure ledger',
  operations: 'Logs, notifications and queues',
  checkpoint: 'Signs the checkpoints of the evidence chain',
  assets: 'Static assets and their versions',
  code: 'Copies of the source code',
  configuration: 'Settings, secrets and copies of them',
  'file-transfer': 'Files exchanged with partners',
  archive: 'Long-term archives',
  audit: 'Trail, history of the configuration of resources, reports on backups',
  'code-signing': 'Signs the manifests of copies of the source code',
}
const SERVICES: Partial<Record<KeyPurpose, readonly string[]>> = {
  operations: ['cloudwatch.amazonaws.com', 'sns.amazonaws.com'],
  audit: ['cloudtrail.amazonaws.com'],
}
/**
 * EventBridge gives KMS neither aws:SourceAccount nor aws:SourceArn when it writes into what is encrypted: under a condition
 * on them each dead letter would be lost without a word. The policy of the queue says of which account they have to be.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
const SERVICES_WITHOUT_SOURCE: Partial<Record<KeyPurpose, readonly string[]>> = {
  // Delivery of the logs of a state machine that is encrypted with the key, for which AWS names no condition either.
  // https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
  operations: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'],
}
const SIGNS: readonly KeyPurpose[] = ['checkpoint', 'code-signing']

/** The keys of one region, one per purpose. */
export class KeysStack extends Stack {
  private readonly keys = new Map<KeyPurpose, IKey>()

  constructor(scope: Construct, id: string, props: KeysStackProps) {
    super(scope, id, props)
    for (const purpose of props.purposes) {
      const existing = props.existing?.get(purpose)
      if (existing) {
        // Under the name by which other regions know it; its policy is what it is.
        new CfnAlias(this, `Alias-${purpose}`, { aliasName: props.names.keyAlias(purpose), targetKeyId: existing })
        this.keys.set(purpose, Key.fromKeyArn(this, `Imported-${purpose}`, existing))
        continue
      }
      const { key } = new DataKey(this, purpose, {
        alias: props.names.keyAlias(purpose),
        description: DESCRIPTION[purpose],
        use: SIGNS.includes(purpose) ? 'sign' : 'encrypt',
        ...(purpose === 'coordination' && { throughService: 'dynamodb' }),
        ...(purpose === 'database' && props.copyingAccount && { copyingAccount: props.copyingAccount }),
        ...(purpose === 'audit' && { serviceRoleArns: [props.names.backupReportsRoleArn()] }),
        services: SERVICES[purpose] ?? [],
        servicesWithoutSource: SERVICES_WITHOUT_SOURCE[purpose] ?? [],
      })
      this.keys.set(purpose, key)
    }
  }

  key(purpose: KeyPurpose): IKey {
    const key = this.keys.get(purpose)
    if (!key)
      throw new Error(`${this.stackName} has no key for '${purpose}', only for ${[...this.keys.keys()].join(', ')}`)
    return key
  }
}
