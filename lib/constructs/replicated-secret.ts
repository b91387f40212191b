import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'

export interface ReplicatedSecretProps {
  readonly secretName: string
  readonly description: string
  readonly key: IKey
  /** Region that holds the replica, and the key there by its alias: ids of keys never cross a region. @default no replica */
  readonly replica?: { readonly region: string; readonly kmsKeyId: string }
}

/**
 * A secret with a replica in another region, readable there while this region is dark. It starts with a random value, which
 * its owner replaces. A replica has to be promoted before it can be changed (Secrets Manager user guide, "Promote a replica").
 * @stateful
 */
export class ReplicatedSecret extends Construct {
  constructor(scope: Construct, id: string, props: ReplicatedSecretProps) {
    super(scope, id)
    const secret = new CfnSecret(this, 'Resource', {
      name: props.secretName,
      description: props.description,
      kmsKeyId: props.key.keyArn,
      generateSecretString: { passwordLength: 40 },
      ...(props.replica && { replicaRegions: [props.replica] }),
    })
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN)
  }
}
