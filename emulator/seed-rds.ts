import { CreateDBInstanceCommand, CreateDBInstanceReadReplicaCommand, RDSClient } from '@aws-sdk/client-rds'
import { clientSettings } from '../adapters/aws/client-settings'
import type { Json } from '../core/json'
import type { SynthesizedStack } from './assembly'

type Properties = Readonly<Record<string, Json>>

export interface SeededInstance {
  readonly region: string
  readonly instance: string
  /** ARN of the instance it replicates. */
  readonly source?: string
}

/**
 * Creates in moto the database instances that the templates declare: writers first, then their replicas. moto plays RDS for
 * the adapters, because MiniStack's CloudFormation makes a plain instance of a replica.
 */
export async function seedRds(stacks: readonly SynthesizedStack[]): Promise<SeededInstance[]> {
  const declared = stacks.flatMap(({ region, template }) =>
    Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::RDS::DBInstance')
      .map(({ Properties = {} }) => ({ region, properties: Properties })),
  )
  const writersFirst = declared.toSorted((a, b) => rank(a.properties) - rank(b.properties))
  const seeded: SeededInstance[] = []
  for (const { region, properties } of writersFirst) seeded.push(await create(region, properties))
  return seeded
}

const rank = (properties: Properties): number => (sourceOf(properties) === undefined ? 0 : 1)

function sourceOf({ SourceDBInstanceIdentifier: source }: Properties): string | undefined {
  return typeof source === 'string' ? source : undefined
}

/** Throws where the template computes it at deployment: moto is told names and classes as they stand. */
function text(properties: Properties, name: string): string {
  const value = properties[name]
  if (typeof value === 'string') return value
  throw new Error(`the ${name} of a database instance is no plain text in its template: ${JSON.stringify(value)}`)
}

async function create(region: string, properties: Properties): Promise<SeededInstance> {
  const client = new RDSClient(clientSettings(region))
  const instance = text(properties, 'DBInstanceIdentifier')
  const common = {
    DBInstanceIdentifier: instance,
    DBInstanceClass: text(properties, 'DBInstanceClass'),
    MultiAZ: properties['MultiAZ'] === true,
    EnableIAMDatabaseAuthentication: properties['EnableIAMDatabaseAuthentication'] === true,
    DeletionProtection: properties['DeletionProtection'] === true,
    Port: Number(properties['Port']),
  }
  const source = sourceOf(properties)
  if (source !== undefined) {
    await client.send(new CreateDBInstanceReadReplicaCommand({ ...common, SourceDBInstanceIdentifier: source }))
    return { region, instance, source }
  }
  await client.send(
    new CreateDBInstanceCommand({
      ...common,
      Engine: text(properties, 'Engine'),
      EngineVersion: text(properties, 'EngineVersion'),
      AllocatedStorage: Number(properties['AllocatedStorage']),
      BackupRetentionPeriod: Number(properties['BackupRetentionPeriod']),
      // The template's come out of a secret, and nobody logs in to moto.
      MasterUsername: 'owner',
      MasterUserPassword: 'nobody-logs-in',
    }),
  )
  return { region, instance }
}
