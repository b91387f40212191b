import type { Policy } from '../policy'
import { TLS_VERSIONS, type TlsVersion } from '../ports/health-probes'
import type { HealthPlace } from './place'

/** What the health of a platform is held to, as one place sees it. Every number is the policy's. */
export interface HealthExpectations extends HealthPlace {
  readonly slowMilliseconds: number
  /** Answered attempts below which the service is degraded, or unhealthy; percent. */
  readonly answered: Readonly<Record<'degradedBelow' | 'unhealthyBelow', number>>
  readonly certificateDays: Readonly<Record<'degraded' | 'unhealthy', number>>
  readonly oldestTls: TlsVersion
  readonly ttlSeconds: number
  /** Whether the database of this region serves as long as nobody can tell where the name leads. */
  readonly declaredToServe: boolean
  readonly heartbeatSeconds: number
  /** How far behind a replica may be. @default none: the region that does not serve holds no replica */
  readonly behindSeconds?: number
  readonly lookBackMinutes: number
  readonly deadLettersMinutes: number
  /** Functions that run each minute, and after which silence one of them is missed. */
  readonly minutely: readonly string[]
  readonly silentMinutes: number
  readonly backupsLookedAtMinutes: number
  readonly components: Policy['releases']['components']
}

/** Functions that a schedule starts each minute. */
const MINUTELY = ['guard', 'escalate', 'health-watch']

export function healthExpectations(
  policy: Policy,
  place: HealthPlace,
  components: Policy['releases']['components'] = [],
): HealthExpectations {
  const { health, kpis, operations, mechanisms, pace, topology, verification, database } = policy
  const regions: Partial<Record<string, string>> = topology.regions
  const { alarms } = operations
  return {
    ...place,
    slowMilliseconds: health.slowSeconds * 1000,
    answered: {
      degradedBelow: kpis.availability.targetPercent,
      unhealthyBelow: kpis.availability.alertBelowPercent,
    },
    certificateDays: { degraded: health.certificate.degradedDays, unhealthy: health.certificate.unhealthyDays },
    oldestTls: TLS_VERSIONS.find((version) => version === database.tlsMinimum) ?? 'TLSv1.3',
    ttlSeconds: pace.dns.ttlSeconds,
    declaredToServe: regions[topology.active] === place.region,
    // Whoever renews the lease writes one; the alarm on a lease that nobody renews waits as long.
    heartbeatSeconds: alarms.leaseStaleMinutes * 60,
    ...(mechanisms.replica.mode === 'cross-region' && {
      // The guard writes at every renewal, so that one may be that much older than the lag alone.
      behindSeconds: mechanisms.replica.lagAlarmSeconds + pace.lease.renewEverySeconds,
    }),
    lookBackMinutes: health.lookBackMinutes,
    deadLettersMinutes: health.deadLettersMinutes,
    minutely: place.functions.filter((name) => MINUTELY.some((end) => name.endsWith(`-${end}`))),
    silentMinutes: alarms.guardSilentMinutes,
    // One that runs late counts until the next one is due.
    backupsLookedAtMinutes: 2 * verification.daily.everyMinutes,
    components,
  }
}
