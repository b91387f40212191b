import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ScheduledTask, type ScheduledTaskProps } from '../constructs/scheduled-task'

export interface ArchiveDumpStackProps extends StackProps {
  /** @default none: the policy takes no dumps */
  readonly dump?: ScheduledTaskProps
  readonly readBack: ScheduledTaskProps
}

/**
 * What writes the tables of each data class into the archive as a dump that PostgreSQL restores, and what reads back, with
 * rights of its own, whatever the archive holds.
 */
export class ArchiveDumpStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchiveDumpStackProps) {
    super(scope, id, props)
    if (props.dump) new ScheduledTask(this, 'Dump', props.dump)
    new ScheduledTask(this, 'ReadBack', props.readBack)
  }
}
