import * as z from 'zod/mini'
import { contract as activityDue } from '../activity-due/contract'
import type { FunctionContract } from '../contract'

export { input } from '../activity-due/contract'

export const output = z.object({
  task: z.string(),
  findings: z.readonly(z.array(z.object({ code: z.string(), subject: z.string() }))),
})

/** Looks through who can get into the account, and opens the task of the review. */
export const contract: FunctionContract = {
  ...activityDue,
  name: 'access-review',
  permissions: [
    ...activityDue.permissions,
    { actions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'], on: 'the-account' },
    { actions: ['iam:GetRole'], on: 'roles-of-people' },
  ],
}
