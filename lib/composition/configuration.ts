import { applicationSecrets } from '../../core/policy/login-secrets'
import { mostDaysIn } from '../../core/policy/retention'
import { configurationFunctions } from '../functions'
import type { DataRegionRole } from '../names'
import { ConfigurationStack } from '../stacks/configuration-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The copies of the configuration of a data region. Configuration is operational data. */
export function configuration(region: Region<DataRegionRole>, { keys, accessLogs }: Foundation): void {
  const { policy, role } = region
  new ConfigurationStack(region.stage, `configuration-${role}`, {
    ...region.stack('configuration'),
    role,
    contracts: configurationFunctions(policy),
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    copies: policy.configuration,
    secrets: applicationSecrets(policy),
    paths: policy.stores.filter(({ kind }) => kind === 'parameters').map(({ id }) => id),
    retentionDays: mostDaysIn(policy.dataClasses.operational.retentionYears),
    copyKey: keys.key('configuration'),
    accessLogs,
  })
}
