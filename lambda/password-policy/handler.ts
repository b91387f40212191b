import { accountAccess } from '../../adapters/aws/account-access'
import { ownEvidence } from '../../adapters/aws/own-evidence'
import { ownWorld } from '../../adapters/aws/own-world'
import { systemClock } from '../../adapters/local/clock'
import { keepPasswordPolicy } from '../../core/access/password-policy'
import { invocation } from '../invocation'
import * as form from './contract'

const own = ownWorld(process.env)
const evidence = ownEvidence(process.env, own, 'password-policy')

export const handler = invocation(form, () =>
  keepPasswordPolicy({ policy: own.policy, account: accountAccess(), evidence, clock: systemClock }),
)
