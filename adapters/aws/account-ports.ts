import { namePrefix } from '../../core/policy/names'
import { AwsAccount } from './compliance'
import type { Compose, Here } from './composition'

/** Looks at the account in its own region, and at what is declared there. */
export const auditPorts: Compose = (here) => ({ compliance: accountOf(here) })

/** Puts back what protects in its own region. */
export const remedyPorts: Compose = (here) => ({ remedies: accountOf(here) })

const accountOf = ({ policy, region }: Here): AwsAccount =>
  new AwsAccount({ accountId: policy.topology.accountId, stackPrefix: `${namePrefix(policy)}-`, only: region })
