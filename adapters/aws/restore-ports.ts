import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { testCopyPrefix } from '../../core/policy/names'
import { clientSettings } from './client-settings'
import type { Compose, Here } from './composition'
import { setting } from './environment'
import { LambdaMoments } from './lambda-moments'
import { RdsCopyRemoval } from './rds-copy-removal'
import { RdsInventory } from './rds-inventory'
import { RdsRestore } from './rds-restore'

/** Longest wait for the function that looks a moment up, which opens one session and asks one question. */
const MOMENT_MS = 25_000

const isTestCopyIn =
  ({ policy }: Here) =>
  (instance: string): boolean =>
    instance.startsWith(testCopyPrefix(policy))

/** Makes copies in its own region, and neither removes nor opens any. */
export const restorePorts: Compose = (here) => {
  const { environment, region } = here
  const rds = new RDSClient(clientSettings(region))
  const lambda = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: MOMENT_MS }))
  return {
    inventory: new RdsInventory(rds, region),
    restore: new RdsRestore(rds, {
      region,
      isTestCopy: isTestCopyIn(here),
      securityGroups: {
        databases: setting(environment, 'databaseSecurityGroup'),
        testCopies: setting(environment, 'testCopySecurityGroup'),
      },
      moments: new LambdaMoments(lambda, setting(environment, 'momentReader'), MOMENT_MS),
    }),
  }
}

/** Removes test copies of its own region, and nothing else. */
export const copyRemovalPorts: Compose = (here) => {
  const { region } = here
  const rds = new RDSClient(clientSettings(region))
  return {
    inventory: new RdsInventory(rds, region),
    copyRemoval: new RdsCopyRemoval(rds, { region, isTestCopy: isTestCopyIn(here) }),
  }
}
