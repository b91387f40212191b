import { CfnOutput, Duration, SecretValue, Stack } from 'aws-cdk-lib'
import type { CfnDBInstance, IDatabaseInstance } from 'aws-cdk-lib/aws-rds'

/** What an instance is given as a writer, and does not have as a replica. */
export interface WriterProperties {
  readonly engine: string
  readonly engineVersion: string
  readonly storageGigabytes: number
  readonly backupRetentionDays: number
  /** Name of the secret of the owner, which replication has carried into the region. */
  readonly ownerSecretName: string
}

/** Facts of an instance that its stack does not hold at the moment, for those who read them from its exports. */
export interface FactsAtRest {
  readonly endpointAddress: string
  readonly resourceId: string
}

/**
 * Declares a promoted replica as the writer that it is, under the same logical id. Never by an update: taken away together
 * with the source, its region would replace the instance, and the source alone would promote it once more. The stack lets go
 * of it first, and takes it in by an import.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
 */
export function declareWriter(resource: CfnDBInstance, writer: WriterProperties): void {
  const owner = (field: string) =>
    SecretValue.secretsManager(writer.ownerSecretName, { jsonField: field }).unsafeUnwrap()
  resource.sourceDbInstanceIdentifier = undefined
  resource.sourceRegion = undefined
  resource.engine = writer.engine
  resource.engineVersion = writer.engineVersion
  resource.allocatedStorage = String(writer.storageGigabytes)
  resource.backupRetentionPeriod = Duration.days(writer.backupRetentionDays).toDays()
  resource.masterUsername = owner('username')
  resource.masterUserPassword = owner('password')
}

/** Leaves the instance out of its template; with its deletion policy and its deletion protection it goes on as it is. */
export function letGo(resource: CfnDBInstance): void {
  Object.assign(resource, { shouldSynthesize: () => false })
}

/**
 * Writes the facts of an instance into the exports of its stack. An import may change nothing but what it imports, outputs
 * included, so they stay so until it is over. https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-import.html
 */
export function pinExports(
  instance: IDatabaseInstance,
  { endpointAddress, resourceId }: FactsAtRest,
  port: number,
): void {
  const facts: Readonly<Record<string, string>> = {
    'Endpoint.Address': endpointAddress,
    'Endpoint.Port': String(port),
    DbiResourceId: resourceId,
  }
  const stack = Stack.of(instance)
  for (const output of stack.node.findAll().filter((node) => node instanceof CfnOutput)) {
    const read = stack.resolve(output.value) as { 'Fn::GetAtt'?: readonly [string, string] }
    const fact = facts[read['Fn::GetAtt']?.[1] ?? '']
    if (fact !== undefined) output.value = fact
  }
}
