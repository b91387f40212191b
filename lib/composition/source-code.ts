import { mostDaysIn } from '../../core/policy/retention'
import { FUNCTIONS } from '../functions'
import type { DataRegionRole } from '../names'
import { CodeStack } from '../stacks/code-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The copies of the source code of a data region and what checks them. Code is operational data. */
export function sourceCode(region: Region<DataRegionRole>, { keys, accessLogs }: Foundation): void {
  const { policy, role } = region
  new CodeStack(region.stage, `code-${role}`, {
    ...region.stack('code'),
    contracts: FUNCTIONS.code,
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    copies: policy.code,
    retentionDays: mostDaysIn(policy.dataClasses.operational.retentionYears),
    bucketKey: keys.key('code'),
    signingKey: keys.key('code-signing'),
    accessLogs,
  })
}
