import { LATER_WRITES_FOLDER } from '../lambda/contract'
import type { Acknowledgement } from './acknowledgements'
import { FENCE_ROLE } from './function-bindings'
import type { Names } from './names'

/** The finding on a resource that is wider than one name. */
export const IAM5 = (resource: string): string => `AwsSolutions-IAM5[Resource::${resource}]`

/** What the functions of a restore, and those that speak to what was restored, may reach beyond one name. */
export function restoreFindings(names: Names): Pick<Acknowledgement, 'rules' | 'where' | 'reason'>[] {
  return [
    {
      rules: names.dataRoles.flatMap((role) => [
        IAM5(names.testCopiesArn(role)),
        IAM5(`arn:aws:rds-db:${names.region(role)}:${names.accountId}:dbuser:*/${FENCE_ROLE}`),
        IAM5(`${names.bucketArn('evidence', role)}/${LATER_WRITES_FOLDER}/${names.region(role)}/*`),
      ]),
      where: /\/runbooks-\w+\/Functions\/(fence|guard|runbook-database|runbook-observe)\/Role\/Policy\/Resource$/,
      reason:
        'what is restored beside has an id that nobody knows before, and is spoken to only where a restore of ours has marked it; lists are added, and nobody changes one',
    },
    {
      rules: names.dataRoles.flatMap((role) =>
        [names.testCopiesArn(role), names.automatedBackupsArn(role), ...names.restoreGroupArns(role)].map(IAM5),
      ),
      where: /\/runbooks-\w+\/Functions\/runbook-(remove-copies|restore)\/Role\/Policy\/Resource$/,
      reason:
        'each restore test has a copy of its own behind one prefix; RDS names backups and options, CloudFormation the groups of our stacks. What is made has to be marked, and only what is marked is removed',
    },
  ]
}
