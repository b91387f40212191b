import { Duration } from 'aws-cdk-lib'
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { functionsOf } from '../functions'
import { awsMetric, type AlarmSpec, type DataRegion } from './spec'

/** One failure is enough to look; five minutes gather what belongs together. */
const MINUTES = 5
const once = { rings: 'above', threshold: 0, periods: 1, silence: 'is-fine' } as const

/** Errors of each function of the region, what they could not take, and runbooks that did not end well. */
export function functionAlarms({ names, role, policy }: DataRegion, runbooks: readonly string[]): AlarmSpec[] {
  const sum = { statistic: Stats.SUM, minutes: MINUTES }
  return functionsOf(policy)
    .map(([kind, contracts]) => ({ kind, own: contracts.filter(({ places }) => places.includes(role)) }))
    .filter(({ own }) => own.length > 0)
    .flatMap(({ kind, own }): AlarmSpec[] => [
      ...own.map(({ name }): AlarmSpec => {
        const metric = awsMetric('AWS/Lambda', 'Errors', { FunctionName: names.function(name) }, sum)
        return { id: 'function-errors', subject: name, metric, ...once }
      }),
      {
        id: 'dead-letters',
        subject: kind,
        metric: awsMetric(
          'AWS/SQS',
          'ApproximateNumberOfMessagesVisible',
          { QueueName: names.deadLetters(names.stack(kind, role)) },
          { minutes: MINUTES },
        ),
        ...once,
      },
    ])
    .concat(
      runbooks.map((runbook) => {
        const of = (name: string) =>
          awsMetric('AWS/States', name, { StateMachineArn: names.stateMachineArn(role, runbook) }, sum)
        // One dashboard shows them all, where an id stands for one metric.
        const [failed, timedOut] = ['failed', 'timedOut'].map((id) => `${id}_${runbook.replaceAll('-', '_')}`)
        const metric = new MathExpression({
          expression: `FILL(${failed}, 0) + FILL(${timedOut}, 0)`,
          usingMetrics: { [failed!]: of('ExecutionsFailed'), [timedOut!]: of('ExecutionsTimedOut') },
          label: 'Runs that did not succeed',
          period: Duration.minutes(MINUTES),
        })
        return { id: 'runbook-failed', subject: runbook, metric, ...once }
      }),
    )
}
