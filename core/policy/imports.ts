import type { Policy } from './schema'

/** A protection that a template gives what it creates, and that somebody else has to give what is imported. */
export interface ImportLoss {
  readonly protection: string
  /** What has to be so on the imported resource, by its own settings. */
  readonly required: string
}

type Imported = 'network' | 'database' | 'key'

/** Everything an import takes out of the hands of the templates: what neither synthesis nor the posture can see. */
export const IMPORT_LOSSES: Readonly<Record<Imported, readonly ImportLoss[]>> = {
  network: [
    { protection: 'isolation', required: 'subnets without a route to the internet' },
    {
      protection: 'endpoints',
      required:
        'private endpoints of AWS Backup, KMS, Lambda, CloudWatch Logs, RDS, Secrets Manager, STS, S3 and DynamoDB that admit our groups',
    },
    { protection: 'flow logs', required: 'flow logs of all traffic, encrypted and kept' },
  ],
  database: [
    { protection: 'deletion protection', required: 'deletion protection on, automated backups kept after deletion' },
    { protection: 'encryption', required: 'storage encrypted with the customer-managed key that the policy names' },
    {
      protection: 'copies in another account',
      required:
        'a policy of that key that lets the account of the copies use it, where the policy has a second account: without it every copy fails',
    },
    { protection: 'standby', required: 'Multi-AZ as the policy declares it' },
    { protection: 'TLS and audit', required: 'a parameter group that forces TLS and logs connections' },
    { protection: 'IAM logins', required: 'IAM database authentication on' },
    { protection: 'dead man of the write lease', required: 'pg_cron among the preloaded libraries' },
    { protection: 'maintenance window', required: 'the window of the policy, which backups keep clear of' },
    {
      protection: 'selection by tag',
      required: 'the tag recovery:backup-plan=writer; the plan selects by name in any case',
    },
    { protection: 'logs', required: 'log exports and enhanced monitoring' },
    {
      protection: 'secret',
      required: 'a secret of the owner that rotates and is not managed by RDS, which excludes replicas',
    },
  ],
  key: [
    { protection: 'deletion', required: 'a key policy that denies everybody deletion and disabling' },
    { protection: 'rotation', required: 'yearly rotation on' },
    { protection: 'use by AWS Backup', required: 'a key policy that admits AWSServiceRoleForBackup in every region' },
    { protection: 'use by services', required: 'a key policy that admits the services of its purpose' },
  ],
}

/** What the imports of a policy take out of the hands of its templates, import by import; empty where nothing is imported. */
export function lostByImport({ imports, topology }: Policy): readonly NamedLoss[] {
  return [
    ...Object.entries(topology.network).flatMap(([role, network]) =>
      network.mode === 'import' ? lossesOf('network', `network of the ${role} region`) : [],
    ),
    ...(imports.database.mode === 'import'
      ? lossesOf('database', `database '${imports.database.instanceIdentifier}'`)
      : []),
    ...(imports.keys.mode === 'import'
      ? imports.keys.existing.flatMap(({ region, purpose }) =>
          lossesOf('key', `key for '${purpose}' of the ${region} region`),
        )
      : []),
  ]
}

type NamedLoss = ImportLoss & { readonly resource: string }

const lossesOf = (kind: Imported, resource: string): readonly NamedLoss[] =>
  IMPORT_LOSSES[kind].map((loss) => ({ resource, ...loss }))
