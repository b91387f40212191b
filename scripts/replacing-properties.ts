import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import type { ReplacingProperties } from '../core/posture/replacement'

/** Which properties replace, as AWS documents them for CloudFormation (the CDK's own copy of that data). */
export function replacingProperties(): ReplacingProperties {
  const database = loadAwsServiceSpecSync()
  const known = new Map<string, ReadonlyMap<string, 'yes' | 'maybe'>>()
  return (type) => {
    const seen = known.get(type)
    if (seen) return seen
    const { properties } = database.lookup('resource', 'cloudFormationType', 'equals', type).only()
    const found = new Map(
      Object.entries(properties).flatMap(([name, { causesReplacement }]) =>
        causesReplacement === 'yes' || causesReplacement === 'maybe' ? [[name, causesReplacement] as const] : [],
      ),
    )
    known.set(type, found)
    return found
  }
}
