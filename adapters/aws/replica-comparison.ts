import { LambdaClient } from '@aws-sdk/client-lambda'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import type { ComparisonWorld } from '../../core/verification/replica/compare-replica'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { recoveryStore } from './coordination-stores'
import { setting, type AwsEnvironment } from './environment'
import { lambdaContentReader } from './lambda-content-reader'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'

/** A little longer than the function beside a database may last; whoever asks ends first by itself. */
const READ_MS = 890_000

/** The replica of the own region and its source in the other one, each read by the function that stands beside it. */
export function replicaComparison(environment: AwsEnvironment): ComparisonWorld {
  const world = ownWorld(environment)
  const { primary, recovery } = withRecoveryRegion(world.policy).topology.regions
  const source = { region: primary, instance: setting(environment, 'primaryInstance') }
  const replica = { region: recovery, instance: setting(environment, 'replicaInstance') }
  const reader = (ref: typeof source) =>
    lambdaContentReader(
      {
        name: setting(environment, 'contentReader'),
        client: new LambdaClient(clientSettings(ref.region, { attempts: 1, answerMs: READ_MS })),
        deadlineMs: READ_MS,
      },
      ref,
    )
  return {
    policy: world.policy,
    source,
    replica,
    pair: { source: reader(source), replica: reader(replica) },
    evidence: ownEvidence(environment, world, 'replica-comparison'),
    examinations: recoveryStore(environment),
    clock: systemClock,
  }
}
