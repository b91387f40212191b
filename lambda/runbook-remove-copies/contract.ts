import { RESTORE_TAG, runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Removes copies that were restored as a test: under their prefix, and marked by the restore that made them. */
export const contract = runbookContract({
  name: 'runbook-remove-copies',
  network: 'none',
  timeoutSeconds: 60,
  environment: [],
  permissions: [
    {
      actions: ['rds:DescribeDBInstances'],
      on: 'own-test-copies',
      reason: 'each test has a copy of its own, behind a prefix that no other instance has',
    },
    {
      actions: ['rds:DeleteDBInstance'],
      on: 'own-test-copies',
      resourceTag: RESTORE_TAG,
      reason: 'each test has a copy of its own; one that no restore of ours has marked is refused',
    },
  ],
})
