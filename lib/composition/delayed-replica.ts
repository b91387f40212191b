import type { RecoveryNetwork } from '../constructs/recovery-network'
import type { DataRegionRole } from '../names'
import { DelayedReplicaStack } from '../stacks/delayed-replica-stack'
import { instanceProps, type DeployedInstance } from './databases'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The replica that stays behind on purpose; nothing where the policy has none, or its source stands in the other region. */
export function delayedReplica(
  region: Region<DataRegionRole>,
  { keys }: Foundation,
  network: RecoveryNetwork,
  instances: readonly DeployedInstance[],
): void {
  const { delayedReplica: delayed } = region.policy.mechanisms
  if (delayed.mode === 'none') return
  const source = instances.find(({ generation }) => generation === delayed.source)
  if (!source) return
  new DelayedReplicaStack(region.stage, `delayed-replica-g${delayed.generation}`, {
    ...region.stack('delayed-replica', delayed.generation),
    replica: {
      ...instanceProps(region, delayed.generation, keys, network),
      source: source.resource,
      applyDelayMinutes: delayed.applyDelayMinutes,
    },
  })
}
