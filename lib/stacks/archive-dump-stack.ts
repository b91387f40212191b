import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ScheduledTask, type ScheduledTaskProps } from '../constructs/scheduled-task'

export interface ArchiveDumpStackProps extends StackProps {
  readonly task: ScheduledTaskProps
}

/** What writes the tables of each data class into the archive as a dump that PostgreSQL restores. */
export class ArchiveDumpStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchiveDumpStackProps) {
    super(scope, id, props)
    new ScheduledTask(this, 'Dump', props.task)
  }
}
