import { Stack, Tags, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { WRITER_TAG } from '../../lambda/contract'
import { PrimaryDatabase, type PrimaryDatabaseProps } from '../constructs/primary-database'

export interface DatabaseStackProps extends StackProps {
  readonly database: PrimaryDatabaseProps
}

/** One generation of the writer. */
export class DatabaseStack extends Stack {
  readonly database: PrimaryDatabase

  constructor(scope: Construct, id: string, props: DatabaseStackProps) {
    super(scope, id, props)
    this.database = new PrimaryDatabase(this, 'Database', props.database)
    // Kept after a failover: an old primary is backed up until it is rebuilt.
    Tags.of(this.database.instance).add(WRITER_TAG.key, WRITER_TAG.value)
  }
}
