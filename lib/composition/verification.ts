import { verificationFunctions } from '../functions'
import type { DataRegionRole } from '../names'
import { VerificationStack } from '../stacks/verification-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The daily checks of a data region, and the comparison of its replica. They reach no database: the function beside it is asked. */
export function verification(region: Region<DataRegionRole>, { keys }: Foundation): void {
  const { policy, role } = region
  new VerificationStack(region.stage, `verification-${role}`, {
    ...region.stack('verification'),
    contracts: verificationFunctions(policy),
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    everyMinutes: policy.verification.daily.everyMinutes,
    replica: policy.verification.replica,
  })
}
