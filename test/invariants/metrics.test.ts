import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { METRIC, METRIC_NAMESPACE } from '../../adapters/aws/agreed-names'
import { withRecoveryRegion } from '../../core/policy'
import { FUNCTIONS } from '../../lib/functions'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize, type SynthesizedStack } from '../lib/synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)
const CONTRACTS = Object.values(FUNCTIONS).flat()

interface Measured {
  readonly alarm: string
  readonly region: string
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Readonly<Record<string, unknown>>
}
interface Stated {
  readonly Namespace?: string
  readonly MetricName?: string
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[]
}

/** Every metric that an alarm judges, also those inside of an expression. */
const measured = (tree: readonly SynthesizedStack[]): Measured[] =>
  resourcesOf(tree, 'AWS::CloudWatch::Alarm').flatMap(({ id, region, Properties = {} }) => {
    const stats = (Properties['Metrics'] as { MetricStat?: { Metric: Stated } }[] | undefined) ?? []
    const stated: Stated[] = [Properties, ...stats.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])]
    return stated.flatMap(({ Namespace, MetricName, Dimensions = [] }) =>
      Namespace === undefined || MetricName === undefined
        ? []
        : [
            {
              alarm: id,
              region,
              namespace: Namespace,
              metric: MetricName,
              dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
            },
          ],
    )
  })

/** Functions of a region that publish a metric of ours, by their contracts and as far as they are deployed there. */
function publishersOf(tree: readonly SynthesizedStack[], region: string, metric: string): string[] {
  const deployed = resourcesOf(tree, 'AWS::Lambda::Function')
    .filter((fn) => fn.region === region)
    .map(({ Properties }) => Properties?.['FunctionName'])
  return CONTRACTS.filter(({ publishes = [] }) => publishes.some((key) => METRIC[key] === metric))
    .map(({ name }) => name)
    .filter((name) => deployed.includes(names.function(name)))
}

/** What a service of AWS measures is a resource: its type, and the property or the return value that a dimension holds. */
const MEASURED_BY: Readonly<
  Record<string, (dimensions: Measured['dimensions'], tree: readonly SynthesizedStack[], region: string) => boolean>
> = {
  'AWS/Events': ({ RuleName }, tree, region) => named(tree, region, 'AWS::Events::Rule', 'Name', RuleName),
  'AWS/Lambda': ({ FunctionName }, tree, region) =>
    named(tree, region, 'AWS::Lambda::Function', 'FunctionName', FunctionName),
  'AWS/SQS': ({ QueueName }, tree, region) => named(tree, region, 'AWS::SQS::Queue', 'QueueName', QueueName),
  'AWS/RDS': ({ DBInstanceIdentifier }, tree, region) =>
    named(tree, region, 'AWS::RDS::DBInstance', 'DBInstanceIdentifier', DBInstanceIdentifier),
  'AWS/States': ({ StateMachineArn }, tree, region) =>
    named(
      tree,
      region,
      'AWS::StepFunctions::StateMachine',
      'StateMachineName',
      String(StateMachineArn).split(':').at(-1),
    ),
  // Its rule stands in the region of the source, and both regions measure.
  'AWS/S3': ({ SourceBucket, DestinationBucket }, tree) =>
    [SourceBucket, DestinationBucket].every((bucket) =>
      resourcesOf(tree, 'AWS::S3::Bucket').some(({ Properties }) => Properties?.['BucketName'] === bucket),
    ),
  'AWS/Route53': ({ HealthCheckId }, tree, region) =>
    resourcesOf(tree, 'AWS::Route53::HealthCheck').some(
      (check) => check.region === region && JSON.stringify(HealthCheckId).includes(`"${check.id.split('/')[1]}"`),
    ),
}
const named = (tree: readonly SynthesizedStack[], region: string, type: string, property: string, value: unknown) =>
  resourcesOf(tree, type).some((resource) => resource.region === region && resource.Properties?.[property] === value)

/** Alarms on something that nobody in their region publishes. */
const unpublished = (tree: readonly SynthesizedStack[]): string[] =>
  measured(tree)
    .filter(({ region, namespace, metric, dimensions }) =>
      namespace === METRIC_NAMESPACE
        ? publishersOf(tree, region, metric).length === 0
        : !MEASURED_BY[namespace]?.(dimensions, tree, region),
    )
    .map(({ alarm, metric }) => `${alarm}: ${metric}`)

/** The same tree without the functions, rules or whatever of one name. */
const without = (type: string, property: string, name: string): SynthesizedStack[] =>
  stacks.map((stack) => ({
    ...stack,
    template: {
      ...stack.template,
      Resources: Object.fromEntries(
        Object.entries(stack.template.Resources).filter(
          ([, resource]) => resource.Type !== type || resource.Properties?.[property] !== name,
        ),
      ),
    },
  }))

describe('what an alarm judges', () => {
  it('is published in its region, by a function of ours or a service of AWS', () => {
    expect(measured(stacks).length).toBeGreaterThan(100)
    expect(unpublished(stacks)).toEqual([])
  })

  it.each([
    ['AWS::Lambda::Function', 'FunctionName', names.function('health-watch'), 'ApiAvailability'],
    ['AWS::Lambda::Function', 'FunctionName', names.function('escalate'), 'OpenIncidentMinutes'],
    ['AWS::Lambda::Function', 'FunctionName', names.function('readiness'), 'ReadinessFindings'],
    ['AWS::Lambda::Function', 'FunctionName', names.function('guard'), 'Invocations'],
    ['AWS::Events::Rule', 'Name', names.eventRule('compliance'), 'TriggeredRules'],
    ['AWS::RDS::DBInstance', 'DBInstanceIdentifier', names.database(2), 'ReplicaLag'],
  ])('is missed where no %s has the %s %s', (type, property, name, metric) => {
    expect(unpublished(without(type, property, name)).some((found) => found.endsWith(`: ${metric}`))).toBe(true)
  })
})

const ROOT = join(__dirname, '../..')
const PUBLISHED = /\bpublish(?:WhereKnown)?\(\s*'(\w+)'/g

/** Files that run with a file: itself and what it imports for more than its types. */
function filesBehind(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(join(ROOT, file), 'utf8')
  for (const [, path] of text.matchAll(/^(?:import|export)(?! type\b)[^;]*? from '(\.[^']+)'/gm)) {
    const target = normalize(join(dirname(file), path!))
    for (const candidate of [`${target}.ts`, `${target}/index.ts`])
      try {
        filesBehind(candidate, seen)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        seen.delete(candidate)
      }
  }
  return seen
}
const publishedIn = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(PUBLISHED)].map(([, metric]) => metric!)

describe('what a contract says it publishes', () => {
  it.each(CONTRACTS.filter(({ publishes }) => publishes).map(({ name, publishes }) => [name, publishes!] as const))(
    'is published by the code of %s',
    (name, publishes) => {
      const found = new Set([...filesBehind(`lambda/${name}/handler.ts`)].flatMap(publishedIn))
      expect(publishes.filter((metric) => !found.has(metric))).toEqual([])
    },
  )

  it.each(CONTRACTS.map(({ name, publishes = [] }) => [name, publishes] as const))(
    'is all that the handler of %s publishes itself',
    (name, publishes) => {
      expect(
        publishedIn(`lambda/${name}/handler.ts`).filter((metric) => !publishes.some((one) => one === metric)),
      ).toEqual([])
    },
  )

  it('is every metric that we have', () => {
    const published = new Set(CONTRACTS.flatMap(({ publishes = [] }) => publishes))
    expect(Object.keys(METRIC).filter((metric) => !published.has(metric as keyof typeof METRIC))).toEqual([])
  })
})
