import { Stack, type StackProps } from 'aws-cdk-lib'
import { CfnDetector } from 'aws-cdk-lib/aws-guardduty'
import type { Construct } from 'constructs'
import { BackupAudit, type BackupAuditProps } from '../constructs/backup-audit'
import { PostureJudges, type PostureJudgesProps } from '../constructs/posture-judges'
import { EventForwarding, type EventForwardingProps } from '../constructs/event-forwarding'
import { ConfigurationRecorder, type ConfigurationRecorderProps } from '../constructs/configuration-recorder'

export interface GovernanceStackProps extends StackProps {
  /** Parts of GuardDuty that are on besides what it always looks at. @default the detector stands already */
  readonly detectorFeatures?: readonly string[]
  /** @default the recorder stands already, or nothing of the region is judged */
  readonly recorder?: ConfigurationRecorderProps
  /** @default nothing of the region is judged */
  readonly judges?: Pick<PostureJudgesProps, 'names' | 'rules'>
  /** @default nobody of AWS judges the backups */
  readonly backupAudit?: BackupAuditProps
  /** @default what is noticed opens incidents in the region itself */
  readonly forwarding?: EventForwardingProps
}

/** What watches the resources and the calls of one region. */
export class GovernanceStack extends Stack {
  constructor(scope: Construct, id: string, props: GovernanceStackProps) {
    super(scope, id, props)
    if (props.detectorFeatures)
      new CfnDetector(this, 'Detector', {
        enable: true,
        // The soonest there is; new findings are sent within five minutes in any case.
        findingPublishingFrequency: 'FIFTEEN_MINUTES',
        features: props.detectorFeatures.map((name) => ({ name, status: 'ENABLED' })),
      })
    const recorder = props.recorder && new ConfigurationRecorder(this, 'Recorder', props.recorder).recorder
    if (props.judges) new PostureJudges(this, 'Rules', { ...props.judges, ...(recorder && { recorder }) })
    if (props.backupAudit) {
      const audit = new BackupAudit(this, 'BackupAudit', props.backupAudit)
      // Its controls are rules of AWS Config.
      if (recorder) audit.node.addDependency(recorder)
    }
    if (props.forwarding) new EventForwarding(this, 'Forwarding', props.forwarding)
  }
}
