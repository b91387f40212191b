/**
 * Settings of every database instance. A replica in another region falls back to the default group where none is named (RDS
 * API reference, CreateDBInstanceReadReplica), and TLS and audit settings would vanish; so each instance has its own.
 */
export const postgresSettings = (tlsMinimum: 'TLSv1.2' | 'TLSv1.3', databaseName: string): Record<string, string> => ({
  'rds.force_ssl': '1',
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL_Password_Encryption_configuration.html
  'rds.accepted_password_auth_method': 'scram',
  ssl_min_protocol_version: tlsMinimum,
  // The dead man's job of the write lease runs inside the database.
  shared_preload_libraries: 'pg_stat_statements,pg_cron',
  'cron.database_name': databaseName,
  log_connections: '1',
  log_disconnections: '1',
  'rds.logical_replication': '0',
  // When a transaction was committed: what a person wants to return to is often known by its number alone, and what was written
  // since can be listed only so. Static: on an instance that runs, it holds from the next restart on, and knows nothing older.
  // https://www.postgresql.org/docs/18/runtime-config-replication.html#GUC-TRACK-COMMIT-TIMESTAMP
  track_commit_timestamp: '1',
})

/** The same for a copy that was restored as a test: without pg_cron, so that nothing scheduled in the original runs in it. */
export function settingsOfCopies(tlsMinimum: 'TLSv1.2' | 'TLSv1.3'): Record<string, string> {
  const { 'cron.database_name': _, ...others } = postgresSettings(tlsMinimum, '')
  return { ...others, shared_preload_libraries: 'pg_stat_statements' }
}
