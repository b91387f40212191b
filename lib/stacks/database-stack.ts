import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
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
  }
}
