import { VARIABLE } from '../adapters/aws/environment'
import { JOURNAL, RESTORED_DATABASES, runbookContract, type FunctionContract } from './contract'

/**
 * A function of a runbook in the isolated subnets that works on a restored copy: it opens the journal by itself only in the
 * recovery region, and elsewhere through the relay, since its subnets reach no other region.
 */
export function contractBesideCopy(
  own: Pick<FunctionContract, 'name' | 'timeoutSeconds' | 'environment' | 'permissions'>,
): FunctionContract {
  const shared = runbookContract({
    ...own,
    network: 'isolated',
    environment: [VARIABLE.databaseAuthorities, VARIABLE.journalRelay, ...own.environment],
  })
  return {
    ...shared,
    permissions: [
      { ...JOURNAL, on: 'own-coordination-table' },
      { actions: ['lambda:InvokeFunction'], on: 'own-journal-relay-function' },
      ...RESTORED_DATABASES,
      ...own.permissions,
    ],
  }
}
