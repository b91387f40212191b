import type { Policy } from './index'

/** Secret of a login role, beside the others of the application; what Secrets Manager takes has no underscores here. */
export const loginSecret = (role: string): string => `login-${role.replaceAll('_', '-')}`

/** Every secret of the application: those of its own, and one for each of its login roles. */
export const applicationSecrets = ({ configuration, database }: Policy): readonly string[] => [
  ...configuration.secrets,
  ...database.logins.map(loginSecret),
]
