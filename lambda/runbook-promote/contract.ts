import { WRITER_TAG, PROMOTION_TAG, runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Promotes the replica: the one privilege that can create a second writer. */
export const contract = runbookContract({
  name: 'runbook-promote',
  network: 'none',
  timeoutSeconds: 60,
  environment: [],
  permissions: [
    { actions: ['rds:DescribeDBInstances'], on: 'recovery-database-instances' },
    { actions: ['rds:PromoteReadReplica'], on: 'promotable-replica' },
    {
      actions: ['rds:AddTagsToResource'],
      on: 'promotable-replica',
      tagKeys: [WRITER_TAG.key, PROMOTION_TAG],
    },
  ],
})
