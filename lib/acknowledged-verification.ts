import { archivedClasses } from '../core/archive/classes'
import type { Policy } from '../core/policy'
import { IAM5 } from './acknowledged-restores'
import type { Acknowledgement } from './acknowledgements'
import { archiveBucket, type Names } from './names'

/** What the daily checks, and the look at the health, may see beyond one name, and that they stand in no network of ours. */
export function verificationFindings(
  policy: Policy,
  names: Names,
): Pick<Acknowledgement, 'rules' | 'where' | 'reason'>[] {
  const where = /\/verification-\w+\/Functions\/daily-verification\/Role\/Policy\/Resource$/
  return [
    {
      rules: names.dataRoles.map((role) => IAM5(names.alarmsArn(role))),
      where: /\/operations-\w+\/Functions\/health-check\/Role\/Policy\/Resource$/,
      reason: 'it tells whether anything of ours rings, whichever alarms a region has; it changes none of them',
    },
    {
      rules: ['HIPAA.Security-LambdaInsideVPC'],
      where: /\/verification-\w+\/Functions\/replica-comparison\/Resource\/Resource$/,
      reason: 'touches no database: it asks the functions beside them, one of which stands in another region',
    },
    {
      rules: ['*', ...names.dataRoles.map((role) => `${names.bucketArn('evidence', role)}/*`)].map(IAM5),
      where: /\/verification-\w+\/(Functions\/replica-comparison|ReplicaComparison)\/Role\/Policy\/Resource$/,
      reason: 'records have keys that grow with the chain; tracing and log delivery know no resource',
    },
    {
      rules: ['HIPAA.Security-LambdaInsideVPC'],
      where: /\/verification-\w+\/Functions\/(daily-verification|compliance-validation)\/Resource\/Resource$/,
      reason: 'touches no database, and reads services that an isolated subnet cannot reach',
    },
    {
      rules: names.dataRoles.flatMap((role) =>
        [
          '*',
          names.instanceArn(role, '*'),
          ...archivedClasses(policy).map((name) => `${names.bucketArn(archiveBucket(name), role)}/*`),
          ...(['code', 'configuration', 'evidence'] as const).map((kind) => `${names.bucketArn(kind, role)}/*`),
          ...policy.stores
            .filter(({ kind }) => kind === 'parameters')
            .flatMap(({ id }) => names.parameterArns(role, id)),
        ].map(IAM5),
      ),
      where,
      reason:
        'it looks for what nobody declared, and for copies that each have a key of their own; metrics, tracing and log delivery know no resource. Nothing of it changes anything but the evidence',
    },
    {
      rules: names.dataRoles.flatMap((role) =>
        ['*', ...names.roles.map((each) => names.stacksArn(each)), `${names.bucketArn('evidence', role)}/*`].map(IAM5),
      ),
      where: /\/verification-\w+\/Functions\/compliance-validation\/Role\/Policy\/Resource$/,
      reason:
        'it reads the template of every stack of ours in its region, and records that each have a key of their own; the list of stacks, tracing and log delivery know no resource. Nothing of it changes anything but the evidence',
    },
  ]
}
