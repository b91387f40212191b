import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { checkHealth, type HealthWorld } from '../../core/health/check-health'
import { healthHistory, type HealthHistory } from '../../core/health/history'
import type { HealthVerdict } from '../../core/health/judges'
import type { HealthPlace } from '../../core/health/place'
import { HEALTH_CHECK } from '../../core/health/record-kind'
import type { Policy } from '../../core/policy'
import { servingGeneration } from '../../core/policy/serving'
import { hasRecoveryRegion } from '../../core/policy/two-regions'
import { databaseName, functionName, namePrefix, nextDatabaseName, servedName } from '../../core/policy/names'
import { systemClock } from '../local/clock'
import { seeHandshake } from '../net/handshake'
import { askName } from '../net/served-name'
import { askPage } from '../net/served-page'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import { AwsHealthProbes, type OutwardProbes } from './health-probes'
import { publish } from './metrics'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'
import { S3WriteOnceStore } from './s3-write-once-store'

/** Room for the function beside the database to be started, on top of its sessions. */
const BESIDE_MS = 50_000
const HTTPS = 443

/** What the function that looks at the health of the platform can do, in its own region. */
export interface RegionHealth {
  look(): Promise<HealthVerdict>
  history(days?: number): Promise<HealthHistory>
}

/** `outward` is what it looks at without a service of AWS. @default the served name and page themselves */
export function regionHealth(environment: AwsEnvironment, outward?: OutwardProbes): RegionHealth {
  const own = ownWorld(environment)
  const { policy, region } = own
  const store = new S3WriteOnceStore(new S3Client(clientSettings(region)), setting(environment, 'evidenceBucket'))
  const watched = hasRecoveryRegion(policy) ? policy.topology.regions.recovery : region
  const place = placeOf(policy, region, environment)
  const world: HealthWorld = {
    policy,
    place,
    clock: systemClock,
    evidence: ownEvidence(environment, own, HEALTH_CHECK),
    probes: new AwsHealthProbes({
      region,
      outward: outward ?? servedTo(policy, setting(environment, 'servedHealthUrl')),
      cloudwatch: new CloudWatchClient(clientSettings(region)),
      watching: new CloudWatchClient(clientSettings(watched)),
      lambda: new LambdaClient(clientSettings(region, { attempts: 1, answerMs: BESIDE_MS })),
      besideDatabase: setting(environment, 'healthDatabase'),
      besideDeadlineMs: BESIDE_MS,
      evidence: store,
      alarmPrefix: `${namePrefix(policy)}/`,
      attemptsMinutes: policy.kpis.availability.alertAfterMinutes,
      lookBackMinutes: policy.health.lookBackMinutes,
      now: () => systemClock.now(),
    }),
  }
  return {
    look: async () => {
      const verdict = await checkHealth(world)
      const wrong = verdict.checks.filter(({ verdict: of }) => of === 'unhealthy' || of === 'unknown')
      publish('unhealthyChecks', wrong.length, systemClock.now())
      return verdict
    },
    history: (days) =>
      healthHistory(policy, store, { region, now: systemClock.now(), ...(days !== undefined && { days }) }),
  }
}

/** As any client of the platform would be served. */
function servedTo({ pace }: Policy, url: string): OutwardProbes {
  const deadlineMs = pace.detection.probeTimeoutSeconds * 1000
  return {
    page: () => askPage(url, deadlineMs),
    handshake: (name) => seeHandshake({ host: name, port: HTTPS, name, speaks: 'tls', deadlineMs }),
    name: (name) => askName(name, deadlineMs),
  }
}

function placeOf(policy: Policy, region: string, environment: AwsEnvironment): HealthPlace {
  const { topology, dns } = policy
  const regions: Partial<Record<string, string>> = topology.regions
  const role = (['primary', 'recovery'] as const).find((one) => regions[one] === region)
  const generation = role && servingGeneration(topology, role)
  if (generation === undefined)
    throw new Error(`'${region}' holds no database of the topology; deploy the function to a region that does`)
  const dataRegions = (['primary', 'recovery'] as const).flatMap((one) => regions[one] ?? [])
  const api = servedName(policy, 'api')
  const list = (variable: 'ownFunctions' | 'ownQueues') => setting(environment, variable).split(',')
  return {
    region,
    databaseName: servedName(policy, 'database'),
    endpointDomain: 'rds.amazonaws.com',
    instances: [
      ...topology.instances.flatMap((one) => {
        const at = regions[one.region]
        return at === undefined ? [] : [{ region: at, instance: databaseName(policy, one.generation) }]
      }),
      // What a recovery restores beside serves before a stack declares it.
      ...dataRegions.map((at) => ({ region: at, instance: nextDatabaseName(policy) })),
    ],
    own: { region, instance: databaseName(policy, generation) },
    hosts: { [api]: Object.values(dns.apiTargets) },
    certificates: [api],
    functions: list('ownFunctions').map((name) => functionName(policy, name)),
    queues: list('ownQueues'),
    backups: true,
    alarmPrefix: namePrefix(policy),
  }
}
