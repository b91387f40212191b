import type { Policy } from '../schema'
import { inDatabase, type Scenario, type Tier } from './cell'

/** The recovery point a tier is promised, the same in every scenario; seconds. */
export function recoveryPointTarget({ objectives: { rpo } }: Policy, _scenario: Scenario, tier: Tier): number {
  const minutes = {
    critical: rpo.criticalMinutes,
    patient: rpo.patientMinutes,
    configuration: rpo.configurationMinutes,
    'static-assets': rpo.staticAssetsMinutes,
  }
  return minutes[tier] * 60
}

/** The recovery time that holds for a tier in a scenario; seconds. A release is judged by its rollback budget. */
export function recoveryTimeTarget({ objectives: { rto }, rollbacks }: Policy, scenario: Scenario, tier: Tier): number {
  if (scenario === 'bad-release')
    return rollbacks[tier === 'configuration' ? 'config-only' : 'full'].downtimeMinutes.atMost * 60
  if (scenario === 'corruption') return rto.dataRecoveryMinutes * 60
  return (inDatabase(tier) || tier === 'configuration' ? rto.criticalServicesMinutes : rto.fullSystemMinutes) * 60
}
