import { REVOCATION_TAG } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { containmentAnswer, containmentRequest } from '../../adapters/aws/wire'
import { OWN_DATABASES, RESTORE_TAG, RESTORED_DATABASES, withPolicy } from '../contract'

export const input = containmentRequest
export const output = containmentAnswer

/** Cuts off a database of its own region, next to it. Copies that follow the writer stand in the other region, so that it is in both. */
export const contract = withPolicy({
  name: 'containment',
  places: ['primary', 'recovery'],
  network: 'isolated',
  // RDS is waited for, and then every session.
  timeoutSeconds: 120,
  environment: [...OWN_DATABASES, VARIABLE.closedSecurityGroup],
  permissions: [
    { actions: ['rds:DescribeDBInstances', 'rds:ModifyDBInstance'], on: 'own-database-instances' },
    { actions: ['rds:AddTagsToResource'], on: 'own-database-instances', tagKeys: [REVOCATION_TAG] },
    { actions: ['rds-db:connect'], on: 'own-database-user:fence-role' },
    ...RESTORED_DATABASES,
    // One that took over and is not declared yet.
    { actions: ['rds:ModifyDBInstance'], on: 'own-next-database', resourceTag: RESTORE_TAG },
    {
      actions: ['rds:AddTagsToResource'],
      on: 'own-next-database',
      tagKeys: [REVOCATION_TAG],
      resourceTag: RESTORE_TAG,
    },
  ],
})
