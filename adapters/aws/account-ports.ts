import { namePrefix } from '../../core/policy/names'
import { awsControls } from './compliance-client'
import { AwsAccount } from './compliance'
import type { Compose, Here } from './composition'

/** A validation that takes longer than its caller may run is told by the schedule that repeats it. */
const VALIDATION_MS = 240_000

/** Looks at the account in its own region, at what is declared there, and has the controls validated. */
export const auditPorts: Compose = (here) => ({
  compliance: accountOf(here),
  controls: awsControls(here.policy, VALIDATION_MS),
})

/** Puts back what protects in its own region. */
export const remedyPorts: Compose = (here) => ({ remedies: accountOf(here) })

const accountOf = ({ policy, region }: Here): AwsAccount =>
  new AwsAccount({ accountId: policy.topology.accountId, stackPrefix: `${namePrefix(policy)}-`, only: region })
