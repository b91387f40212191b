import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod/mini'
import type { Policy } from '../../core/policy'
import { databaseName } from '../../core/policy/names'
import { followedGeneration } from '../../core/policy/serving'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { PortError } from '../../core/ports/errors'
import { prepareRecovery, type Readiness } from '../../core/readiness/prepare'
import type { DatabasePreparation } from '../../core/readiness/ports'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { coordinationStores } from './coordination-stores'
import { setting, type AwsEnvironment } from './environment'
import { callFunction } from './lambda-call'
import { publish, publishWhereKnown } from './metrics'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'
import { markSwitch } from './s3-traffic-switch'
import { preparationAnswer, tableBaselines, type PreparationAnswer, type PreparationRequest } from './wire'

/** A little longer than the function that is called may last. */
const DATABASE_MS = 890_000

/** Keeps ready what a failover rests on; publishes how much is not. */
export function readiness(environment: AwsEnvironment): () => Promise<Readiness> {
  const world = ownWorld(environment)
  const { regions } = withRecoveryRegion(world.policy).topology
  const evidence = ownEvidence(environment, world, 'readiness')
  const switches = [
    { client: new S3Client(clientSettings(regions.recovery)), bucket: setting(environment, 'recoverySwitchBucket') },
    { client: new S3Client(clientSettings(regions.witness)), bucket: setting(environment, 'witnessSwitchBucket') },
  ]
  const { baselineMaxAgeHours } = world.policy.readiness
  const followed = followedGeneration(world.policy.topology)
  const baselinesKeptDays = keptDays(world.policy)
  return async () => {
    const ready = await prepareRecovery({
      places: coordinationStores(environment),
      home: { region: regions.primary, instance: setting(environment, 'servingInstance') },
      database: databaseBehind(environment, world.region),
      prepareSwitches: async () => void (await Promise.all(switches.map(markSwitch))),
      evidence,
      clock: systemClock,
      baselineMaxAgeHours,
      ...(followed !== undefined && { followed: databaseName(world.policy, followed) }),
      ...(baselinesKeptDays !== undefined && { baselinesKeptDays }),
    })
    const now = systemClock.now()
    publish('readinessFindings', ready.findings.length, now)
    publishWhereKnown('dataIntegrityFailures', ready.differing?.length, now)
    return ready
  }
}

/** As far back as restore tests choose, and the time until the next baseline. */
const keptDays = ({ restoreTesting, readiness: { baselineMaxAgeHours } }: Policy): number | undefined =>
  restoreTesting.mode === 'scheduled'
    ? restoreTesting.selectionWindowDays + 2 * Math.ceil(baselineMaxAgeHours / 24)
    : undefined

/** The database as the function next to it prepares it. */
function databaseBehind(environment: AwsEnvironment, region: string): DatabasePreparation {
  const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: DATABASE_MS }))
  const name = setting(environment, 'readinessDatabase')
  const ask = async <Task extends PreparationRequest['task']>(request: PreparationRequest & { task: Task }) => {
    const parsed = z.safeParse(preparationAnswer, await callFunction(client, name, { ...request }, DATABASE_MS))
    if (!parsed.success || parsed.data.task !== request.task)
      throw new PortError('invalid', 'PREPARATION_FOREIGN', `'${name}' answered in another form`)
    return parsed.data as PreparationAnswer & { task: Task }
  }
  return {
    prepare: (epoch) => ask({ task: 'prepare', epoch }),
    baseline: async (held) => {
      const known = z.safeParse(tableBaselines, held?.tables).data
      const { tables, differing, damaged, rewrittenBy } = await ask({
        task: 'baseline',
        ...(known && held && { held: known, recordedAt: held.recordedAt }),
      })
      return {
        tables: tables.map((table) => ({ ...table })),
        ...(differing && { differing }),
        ...(damaged && { damaged }),
        ...(rewrittenBy !== undefined && { rewrittenBy }),
      }
    },
  }
}
