import { Stack, type Stage } from 'aws-cdk-lib'
import type { Policy } from '../../core/policy'
import { otherRole } from '../names'

/**
 * Lets the first deployment of all regions find what AWS refuses to name before it exists: the bucket that receives copies, the
 * source of a replica, the key of a secret's replica, a vault that receives copies of backups. It orders the command line and
 * nothing else: no value crosses, and `--exclusively` deploys one region while the others are dark (ADR 004).
 */
export function orderFirstDeployment(stage: Stage, { topology }: Policy): void {
  const find = (id: string) => stage.node.tryFindChild(id)
  const after = (id: string, earlierId: string): void => {
    const [later, earlier] = [find(id), find(earlierId)]
    if (later instanceof Stack && earlier instanceof Stack) later.addStackDependency(earlier)
  }
  after('evidence-primary', 'evidence-recovery')
  after('evidence-recovery', 'evidence-witness')
  // Copies the other way, where the policy has them, are for regions that both exist: two buckets cannot each come second.
  for (const kind of ['assets', 'archive', 'file-transfer']) after(`${kind}-primary`, `${kind}-recovery`)
  after('configuration-primary', 'keys-recovery')
  // It makes the one role of the account under which AWS Backup writes its reports, and which the other's policies name.
  after('governance-primary', 'governance-recovery')
  for (const role of ['primary', 'recovery'] as const) {
    after(`backup-plan-${role}`, `vaults-${otherRole(role)}`)
    for (const place of ['primary', 'recovery']) after(`backup-plan-${role}`, `copies-account-${place}`)
  }
  for (const { generation, region, source } of topology.instances) {
    after(`database-g${generation}`, `keys-${otherRole(region)}`)
    if (source === undefined) continue
    for (const kind of ['database', 'replica']) after(`replica-g${generation}`, `${kind}-g${source}`)
  }
}
