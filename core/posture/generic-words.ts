import type { Term } from './protections'

/** What a type of resource is there for, where no row says it of one of its properties. The first that fits counts. */
const TERMS: readonly (readonly [RegExp, Exclude<Term, 'existence'>])[] = [
  [/^AWS::(CloudWatch|SNS|Events|Logs|Config|GuardDuty|CloudTrail|SQS)::/, 'alarm'],
  [/^AWS::(Scheduler::|Backup::RestoreTesting)/, 'test frequency'],
  [/^AWS::(IAM|EC2|Transfer)::/, 'access'],
  [/^AWS::(KMS|SecretsManager)::/, 'encryption'],
  [/^AWS::S3::/, 'retention'],
  [/Permission$|Policy$|^AWS::Lambda::Url$/, 'access'],
]

/** The term of a property that no row speaks of, by what its type is there for. */
export const termOf = (type: string): Exclude<Term, 'existence'> =>
  TERMS.find(([pattern]) => pattern.test(type))?.[1] ?? 'objective'

/** A name of a property in words, such as `dead letter config` for `DeadLetterConfig`, with the entry of a list it is in. */
export function nothingSaid(path: string): string {
  const steps = path.split(/\.(?![^[]*\])/)
  const last = steps.findLast((step) => !step.startsWith('[')) ?? path
  const entry = steps.findLast((step) => step.startsWith('['))
  const words = last.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return entry === undefined ? words : `${words} of ${entry.slice(1, -1)}`
}
