import type { InstanceRef } from '../ports/database'
import type { HealthExpectations } from './expectations'
import type { HealthFacts } from './facts'
import type { HealthPlace } from './place'

/**
 * Instance behind an endpoint; undefined for one that is none of ours. Between the name of the instance and its region RDS puts
 * one label of its own (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.html), a rehearsal puts none.
 */
export function instanceAt(
  { instances, endpointDomain }: Pick<HealthPlace, 'instances' | 'endpointDomain'>,
  endpoint: string,
): InstanceRef | undefined {
  return instances.find(({ region, instance }) => {
    const end = `.${region}.${endpointDomain}`
    if (!endpoint.startsWith(`${instance}.`) || !endpoint.endsWith(end)) return false
    return endpoint === instance + end || !endpoint.slice(instance.length + 1, -end.length).includes('.')
  })
}

/** Instance that clients of the database are led to; undefined where nobody can tell, or it is none of ours. */
export function ledTo(names: HealthFacts['names'], place: HealthPlace): InstanceRef | undefined {
  const seen = names[place.databaseName]
  const target = seen?.seen ? seen.value?.target : undefined
  return target === undefined ? undefined : instanceAt(place, target)
}

/** Whether clients of the database are led to this region: by the served name, and by the policy while nobody can tell. */
export function servesHere({ names }: HealthFacts, expected: HealthExpectations): boolean {
  const led = ledTo(names, expected)
  return led ? led.region === expected.region : expected.declaredToServe
}
