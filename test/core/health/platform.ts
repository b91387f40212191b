import { MemoryHealthProbes, wellNamed } from '../../../adapters/memory/health-probes'
import type { HealthPlace } from '../../../core/health/place'
import { withRecoveryRegion, type Policy } from '../../../core/policy'
import { databaseName, functionName, namePrefix, servedName } from '../../../core/policy/names'
import type { DataRole } from '../../../core/verification/daily/expectations'

/** Where a look from a region of production's topology stands, with a few of its functions and one queue. */
export function placeIn(policy: Policy, role: DataRole): HealthPlace {
  const { regions } = withRecoveryRegion(policy).topology
  const instance = (of: DataRole) => ({
    region: regions[of],
    instance: databaseName(policy, of === 'primary' ? 1 : 2),
  })
  const api = servedName(policy, 'api')
  return {
    region: regions[role],
    databaseName: servedName(policy, 'database'),
    endpointDomain: 'rds.amazonaws.com',
    instances: [instance('primary'), instance('recovery')],
    own: instance(role),
    hosts: { [api]: Object.values(policy.dns.apiTargets) },
    certificates: [api],
    functions: ['guard', 'desk'].map((name) => functionName(policy, name)),
    queues: [`${namePrefix(policy)}-runbooks-dead-letters`],
    backups: true,
    alarmPrefix: namePrefix(policy),
  }
}

const DAY_MS = 86_400_000
const ago = (now: Date, seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString()

/** A platform that is well, as a look from one region sees it. */
export function wellPlatform(policy: Policy, role: DataRole, now: Date): MemoryHealthProbes {
  const place = placeIn(policy, role)
  const writer = placeIn(policy, 'primary').own
  const probes = new MemoryHealthProbes()
  const target = `${writer.instance}.abc123.${writer.region}.rds.amazonaws.com`
  for (const [name, seen] of wellNamed(place, policy.pace.dns.ttlSeconds)) probes.names.set(name, seen)
  probes.names.set(place.databaseName, { target, ttlSeconds: policy.pace.dns.ttlSeconds })
  for (const name of place.certificates)
    probes.handshakes.set(name, {
      validUntil: ago(now, -90 * (DAY_MS / 1000)),
      trusted: true,
      named: true,
      accepts: ['TLSv1.3'],
    })
  const heartbeatAt = ago(now, 5)
  probes.databases.set(
    place.own.instance,
    role === 'primary'
      ? { reads: true, replica: false, writes: true, heartbeatAt }
      : { reads: true, replica: true, receives: 'up', heartbeatAt },
  )
  for (const name of place.functions)
    probes.runs.set(name, { runs: 15, errors: 0, throttles: 0, lastSuccessAt: ago(now, 60) })
  for (const name of place.queues) probes.waiting.set(name, { messages: 0, oldestMinutes: 0 })
  probes.ringing.push(
    { name: `${namePrefix(policy)}/replica-lag/g2`, state: 'ok' },
    { name: `${namePrefix(policy)}/region-lost`, state: 'ok' },
    // Rings by what a look finds, which must not keep it ringing.
    { name: `${namePrefix(policy)}/unhealthy`, state: 'alarm' },
  )
  probes.lookedAt = { finishedAt: ago(now, 3600), outcome: 'succeeded' }
  return probes
}
