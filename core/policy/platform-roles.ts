/**
 * Roles that RDS itself makes, by their whole names: nobody else's login is spared because its name begins like theirs. One
 * that AWS adds later is tried like any other, and RDS refuses to have it closed.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html
 */
const PLATFORM_ROLES = [
  'rdsadmin',
  'rdsproxyadmin',
  'rdsrepladmin',
  'rdstopmgr',
  'rdswriteforwarduser',
  'rds_ad',
  'rds_extension',
  'rds_iam',
  'rds_password',
  'rds_replication',
  'rds_reserved',
  'rds_superuser',
] as const

/** The same, as SQL has a list. */
export const platformRoles = PLATFORM_ROLES.map((role) => `'${role}'`).join(', ')

/** SQL that holds for every other role, by the column that has its name. */
export const notOfPlatform = (column: string): string => `${column} not in (${platformRoles})`
