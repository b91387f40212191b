import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { StoreBackupPlan, type StoreBackupPlanProps } from '../constructs/store-backup-plan'

export interface BackupPlanStackProps extends StackProps {
  /** One plan for each kind of store. */
  readonly plans: Readonly<Record<string, StoreBackupPlanProps>>
}

/** Backs up whatever writes in this region. In the recovery region it stands ready and selects no database until failover. */
export class BackupPlanStack extends Stack {
  constructor(scope: Construct, id: string, props: BackupPlanStackProps) {
    super(scope, id, props)
    for (const [kind, plan] of Object.entries(props.plans)) new StoreBackupPlan(this, kind, plan)
  }
}
