import { Stack, type StackProps } from 'aws-cdk-lib'
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Policy } from '../../core/policy'
import { CODE_FOLDERS, CodePublisher } from '../constructs/code-publisher'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { LockedBucket } from '../constructs/locked-bucket'

export interface CodeStackProps extends StackProps, FunctionFleetProps {
  readonly copies: Policy['code']
  /** How long each copy is locked. */
  readonly retentionDays: number
  readonly bucketKey: IKey
  readonly signingKey: IKey
  readonly accessLogs: IBucket
}

/**
 * Signed copies of the source code in one region. CI writes to each region by itself and signs with that region's key, so
 * neither copy depends on the other region; what is stored is checked here, where CI cannot change the outcome.
 */
export class CodeStack extends Stack {
  constructor(scope: Construct, id: string, props: CodeStackProps) {
    super(scope, id, props)
    const { key, copies, bucketKey, signingKey } = props
    const { names, role } = props.around
    new LockedBucket(this, 'Code', {
      bucketName: names.bucket('code', role),
      key: bucketKey,
      accessLogs: props.accessLogs,
      lock: copies.lock,
      days: props.retentionDays,
      expiry: 'after-lock',
    })
    new ManagedPolicy(this, 'Publisher', {
      managedPolicyName: names.role('code-publisher', role),
      description: 'For the role CI pushes copies of the code with: it can add and sign, and neither read nor delete',
      statements: [
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: CODE_FOLDERS.map((folder) => `${names.bucketArn('code', role)}/${folder}/*`),
        }),
        new PolicyStatement({ actions: ['kms:Sign'], resources: [signingKey.keyArn] }),
        new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [bucketKey.keyArn] }),
      ],
    })
    // One role for the account, where the others of people and machines stand.
    if (copies.publisher.mode === 'github' && role === names.accessRole)
      new CodePublisher(this, 'PublishedByCi', { from: copies.publisher, names })
    const check = new FunctionFleet(this, 'Functions', props).find('code-check')
    if (!check) throw new Error(`nothing checks the copies of the code in '${names.region(role)}'`)
    new FunctionSchedule(this, 'CheckSchedule', {
      scheduleName: names.function('code-check'),
      roleName: names.role('code-check-schedule', role),
      target: check,
      key,
      everyMinutes: copies.checkEveryMinutes,
    })
  }
}
