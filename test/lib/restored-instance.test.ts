import { parsePolicy, type Policy } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

const FACTS = { endpointAddress: 'neonpro-production-db-g3.abc.sa-east-1.rds.amazonaws.com', resourceId: 'db-EXAMPLE' }
type Adoption = NonNullable<Policy['topology']['instances'][number]['adoption']>

/** A recovery has restored generation 3 beside the first one, and it is on its way into a stack. */
function declared(adoption: Adoption): Policy {
  const policy = resolvePolicy('production')
  const restored = { generation: 3, region: 'primary', role: 'restored', source: 1, adoption } as const
  return parsePolicy({
    ...policy,
    topology: { ...policy.topology, instances: [...policy.topology.instances, restored] },
  })
}

const [released, adopted] = [declared({ state: 'released', ...FACTS }), declared({ state: 'adopted' })]
const stacks = synthesize(released)
const names = new Names(released)
const text = (value: unknown) => JSON.stringify(value)
const instances = (tree = stacks) =>
  resourcesOf(tree, 'AWS::RDS::DBInstance').filter(
    ({ Properties }) => Properties?.['DBInstanceIdentifier'] === names.database(3),
  )

it('is created by no stack: its stack holds what is around it, and takes the instance in by an import', () => {
  expect(instances()).toEqual([])
  expect(resourcesOf(stacks, 'AWS::RDS::DBParameterGroup').map(({ stack }) => stack)).toContain(
    names.stack('replica', 'primary', 3),
  )
})

it('is what the functions of its region guard, fence and speak to, beside the one that it was restored from', () => {
  const environmentOf = (name: string) =>
    text(
      resourcesOf(stacks, 'AWS::Lambda::Function').find(
        ({ region, Properties }) =>
          region === names.region('primary') && Properties?.['FunctionName'] === names.function(name),
      )?.Properties?.['Environment'],
    )
  for (const name of ['guard', 'fence', 'runbook-database'])
    for (const generation of [1, 3]) expect(environmentOf(name)).toContain(`${names.database(generation)}=`)
})

it('is led to by the name of its region, and makes room for the one that comes after it', () => {
  const records = resourcesOf(stacks, 'AWS::Route53::RecordSet').filter(
    ({ Properties }) => Properties?.['Name'] === `${names.regionalName('primary')}.`,
  )
  const [standing, next] = records.map(({ Properties }) => text(Properties?.['ResourceRecords']))
  expect(standing).toContain('replica-primary-g3')
  expect(next).toContain('neonpro-production-db-g4')
  const paths = text(resourcesOf(stacks, 'AWS::Route53::HealthCheck').map(({ Properties }) => Properties))
  expect(paths).toContain(`/traffic-in-${names.region('primary')}-at-neonpro-production-db-g4`)
  expect(paths).not.toContain('db-g3')
})

it('is never promoted, and is restored from where another recovery is asked for', () => {
  const promotable = text(
    resourcesOf(stacks, 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy').filter(({ Properties }) =>
      text(Properties).includes('rds:PromoteReadReplica'),
    ),
  )
  expect(promotable).not.toMatch(/PromoteReadReplica","Effect":"Allow","Resource":"[^"]*db-g3/)
  expect(names.nextDatabase()).toBe('neonpro-production-db-g4')
})

it('is declared as the writer it is once it is adopted, with the owner of what it was restored from', () => {
  const [instance] = instances(synthesize(adopted))
  expect(instance).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { Engine: 'postgres', DeletionProtection: true },
  })
  expect(instance?.Properties).not.toHaveProperty('SourceDBInstanceIdentifier')
  expect(text(instance?.Properties?.['MasterUsername'])).toContain(names.ownerSecret(1))
})
