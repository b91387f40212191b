import { CfnFramework, CfnReportPlan } from 'aws-cdk-lib/aws-backup'
import { Construct } from 'constructs'
import type { BackupControl } from '../backup-controls'
import { AUDIT_FOLDER } from './audit-bucket'

export interface BackupAuditProps {
  /** Letters, digits and underscores; part of the names of the reports too. */
  readonly name: string
  readonly controls: readonly BackupControl[]
  readonly bucketName: string
}

/** Reports by the last part of their names: compliance, each control by itself, and every job. */
const REPORTS = {
  resources: 'RESOURCE_COMPLIANCE_REPORT',
  controls: 'CONTROL_COMPLIANCE_REPORT',
  backup_jobs: 'BACKUP_JOB_REPORT',
  copy_jobs: 'COPY_JOB_REPORT',
  restore_jobs: 'RESTORE_JOB_REPORT',
} as const

/**
 * AWS Backup Audit Manager of one region: judges the backups by controls and reports once a day. Its controls are rules of
 * AWS Config, so they judge what is recorded only.
 */
export class BackupAudit extends Construct {
  constructor(scope: Construct, id: string, props: BackupAuditProps) {
    super(scope, id)
    const framework = new CfnFramework(this, 'Resource', {
      frameworkName: props.name,
      frameworkDescription: 'Backups are as the policy says',
      frameworkControls: props.controls.map(({ name, parameters = {}, kinds }) => ({
        controlName: name,
        controlInputParameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
          parameterName,
          parameterValue,
        })),
        ...(kinds && { controlScope: { ComplianceResourceTypes: kinds } }),
      })),
    })
    for (const [kind, reportTemplate] of Object.entries(REPORTS))
      new CfnReportPlan(this, kind, {
        reportPlanName: `${props.name}_${kind}`,
        reportSetting: {
          ReportTemplate: reportTemplate,
          // Reports on jobs are about all of them, whatever the framework.
          ...(reportTemplate.endsWith('COMPLIANCE_REPORT') && { FrameworkArns: [framework.attrFrameworkArn] }),
        },
        reportDeliveryChannel: {
          S3BucketName: props.bucketName,
          S3KeyPrefix: AUDIT_FOLDER.backupReports,
          Formats: ['CSV', 'JSON'],
        },
      })
  }
}
