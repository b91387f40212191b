import { CfnConfigRule } from 'aws-cdk-lib/aws-config'
import { Construct, type IDependable } from 'constructs'
import type { Names } from '../names'
import type { PostureRule } from '../posture-rules'

export interface PostureJudgesProps {
  readonly names: Names
  readonly rules: readonly PostureRule[]
  /** AWS Config takes no rule before there is a recorder. @default it stands already */
  readonly recorder?: IDependable
}

/** Managed rules of AWS Config; whatever does not comply raises the alarm on compliance. */
export class PostureJudges extends Construct {
  constructor(scope: Construct, id: string, { names, rules, recorder }: PostureJudgesProps) {
    super(scope, id)
    for (const { id: rule, demands, identifier, parameters, looksAt } of rules) {
      const judge = new CfnConfigRule(this, rule, {
        configRuleName: names.configRule(rule),
        description: demands,
        source: { owner: 'AWS', sourceIdentifier: identifier },
        ...(parameters && { inputParameters: parameters }),
        ...(looksAt && { scope: scopeOf(looksAt) }),
      })
      if (recorder) judge.node.addDependency(recorder)
    }
  }
}

const scopeOf = (looksAt: NonNullable<PostureRule['looksAt']>): CfnConfigRule.ScopeProperty =>
  'tag' in looksAt
    ? { tagKey: looksAt.tag.key, tagValue: looksAt.tag.value }
    : { complianceResourceTypes: [...looksAt.types] }
