import type { Json } from '../core/json'

export interface ComparisonMachineProps {
  readonly functionArn: string
  /** Items that are compared at a time. */
  readonly atOnce: number
  readonly timeoutMinutes: number
}

/**
 * Errors of Lambda itself, after which nothing was begun or nothing is lost by another attempt.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const RETRY = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.ClientExecutionTimeoutException',
  ],
  IntervalSeconds: 30,
  MaxAttempts: 4,
  BackoffRate: 2,
}

/**
 * The comparison of a replica with its source in Amazon States Language: a plan, its items side by side, and what all of them
 * came to. An item that could not be compared is a finding of its own, so that one table does not keep the others from being
 * looked at.
 */
export const comparisonMachine = ({ functionArn, atOnce, timeoutMinutes }: ComparisonMachineProps): Json => ({
  Comment: 'Compares the replica of this region with its source',
  QueryLanguage: 'JSONPath',
  StartAt: 'Plan',
  TimeoutSeconds: timeoutMinutes * 60,
  States: {
    Plan: {
      Type: 'Task',
      Resource: functionArn,
      Parameters: { task: 'plan' },
      Retry: [RETRY],
      Next: 'Compare every part',
    },
    'Compare every part': {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: atOnce,
      ItemSelector: { task: 'compare', 'item.$': '$$.Map.Item.Value' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Compare',
        States: {
          Compare: {
            Type: 'Task',
            Resource: functionArn,
            Retry: [RETRY],
            Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Not compared' }],
            End: true,
          },
          'Not compared': {
            Type: 'Pass',
            Result: {
              findings: [{ code: 'NOT_ANSWERED', object: 'part', verdict: 'inconclusive', detail: 'FUNCTION_FAILED' }],
              damaged: { source: [], replica: [] },
              compared: 0,
            },
            End: true,
          },
        },
      },
      ResultPath: '$.items',
      Next: 'End',
    },
    End: {
      Type: 'Task',
      Resource: functionArn,
      Parameters: {
        task: 'end',
        'run.$': '$$.Execution.Name',
        'startedAt.$': '$$.Execution.StartTime',
        'items.$': '$.items',
      },
      Retry: [RETRY],
      End: true,
    },
  },
})
