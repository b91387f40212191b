import { archivedClasses } from '../core/archive/classes'
import type { Policy } from '../core/policy'
import { IAM5 } from './acknowledged-restores'
import type { Acknowledgement } from './acknowledgements'
import { archiveBucket, type Names } from './names'

/** What fills the archive, reads it back and disposes of it may touch beyond one name. */
export function archiveFindings(policy: Policy, names: Names): Pick<Acknowledgement, 'rules' | 'where' | 'reason'>[] {
  return [
    {
      rules: names.dataRoles.flatMap((role) =>
        archivedClasses(policy).map((name) => IAM5(`${names.bucketArn(archiveBucket(name), role)}/*`)),
      ),
      where: /\/archive-export-\w+\/Functions\/archive-export\/Role\/Policy\/Resource$/,
      reason:
        'files keep the names that RDS gives them; it can add, and no policy lets it delete or change what is locked',
    },
    {
      rules: names.dataRoles.map((role) => IAM5(`${names.bucketArn('archive-staging', role)}/*`)),
      where: /\/archive-export-\w+\/(ExportRole|Functions\/archive-export\/Role)\/Policy\/Resource$/,
      reason: 'RDS names the files of an export itself, in the one bucket that holds nothing else',
    },
    {
      rules: ['HIPAA.Security-S3BucketReplicationEnabled'],
      where: /\/archive-export-\w+\/Staging\/Resource\/Resource$/,
      reason:
        'holds files for days until the archive has taken them; the archive is copied, and an export can be repeated',
    },
    {
      rules: names.dataRoles.flatMap((role) => [
        ...archivedClasses(policy).map((name) => IAM5(`${names.bucketArn(archiveBucket(name), role)}/*`)),
        IAM5(`${names.bucketArn('evidence', role)}/*`),
      ]),
      where: /\/archive-dump-\w+\/Dump\/TaskRole\/Policy\/Resource$/,
      reason:
        'a dump and its record are named after their time; it can add, and no policy lets it delete or change what is locked',
    },
    {
      rules: names.dataRoles.flatMap((role) => [
        ...archivedClasses(policy).map((name) => IAM5(`${names.bucketArn(archiveBucket(name), role)}/*`)),
        IAM5(`${names.bucketArn('evidence', role)}/*`),
      ]),
      where: /\/archive-dump-\w+\/ReadBack\/TaskRole\/Policy\/Resource$/,
      reason:
        'dumps, exports and records are named after their time; of the archive it can only read, and no policy lets it change evidence that is there',
    },
    {
      rules: [
        IAM5('*'),
        ...names.dataRoles.flatMap((role) =>
          ['archive-dump', 'archive-read-back'].map((task) =>
            IAM5(`arn:aws:ecs:${names.region(role)}:${names.accountId}:task/${names.function(task)}/*`),
          ),
        ),
      ],
      where: /\/archive-dump-\w+\/(Dump|ReadBack)\/(ExecutionRole|Machine\/Role)\/Policy\/Resource$/,
      reason:
        'ECS names its tasks itself, in the one cluster of the dump and that of the reading back; the token of the registry, log delivery and tracing know no resource',
    },
    {
      rules: ['AwsSolutions-ECS2'],
      where: /\/archive-dump-\w+\/(Dump|ReadBack)\/Task$/,
      reason:
        'the variables are names of resources and tables; the one secret is a token that the task signs for itself',
    },
    {
      rules: names.dataRoles.flatMap((role) =>
        archivedClasses(policy).map((name) => IAM5(`${names.bucketArn(archiveBucket(name), role)}/*`)),
      ),
      where: /\/archive-disposal-\w+\/Functions\/archive-disposal\/Role\/Policy\/Resource$/,
      reason:
        'which objects a disposal names is known only when it is recorded and approved; what is locked stays locked for this role too',
    },
  ]
}
