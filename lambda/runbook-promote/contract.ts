import { PROMOTION_TAG, runbookContract, runState, WRITER_TAG, ZONE_FAILOVER_TAG } from '../contract'

export const input = runState
export const output = runState

/**
 * Promotes a replica, or hands an instance to its standby in another zone: the one privilege by which another host begins to
 * write.
 */
export const contract = runbookContract({
  name: 'runbook-promote',
  network: 'none',
  timeoutSeconds: 60,
  environment: [],
  permissions: [
    { actions: ['rds:DescribeDBInstances'], on: 'own-database-instances' },
    { actions: ['rds:PromoteReadReplica'], on: 'promotable-replicas' },
    { actions: ['rds:RebootDBInstance'], on: 'own-database-instances' },
    {
      actions: ['rds:AddTagsToResource'],
      on: 'own-database-instances',
      tagKeys: [WRITER_TAG.key, PROMOTION_TAG, ZONE_FAILOVER_TAG],
    },
  ],
})
