import { IAMClient } from '@aws-sdk/client-iam'
import { GLOBAL_SERVICES_REGION } from '../../core/policy/flows'
import type { AccountAccess } from '../../core/ports/account-access'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { IamAccountAccess } from './iam-account-access'

/** The account that the credentials of this process are of. */
export const accountAccess = (): AccountAccess =>
  new IamAccountAccess(new IAMClient(clientSettings(GLOBAL_SERVICES_REGION)), systemClock)
