import * as z from 'zod/mini'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({ set: z.boolean() })

/** Holds the password policy of the account to what the policy demands: CloudFormation has no resource for it. */
export const contract = withPolicy({
  name: 'password-policy',
  places: ['recovery'],
  network: 'none',
  timeoutSeconds: 60,
  environment: [...OWN_EVIDENCE.environment],
  permissions: [
    { actions: ['iam:GetAccountPasswordPolicy', 'iam:UpdateAccountPasswordPolicy'], on: 'the-account' },
    ...OWN_EVIDENCE.permissions,
  ],
})
