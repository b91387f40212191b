import type { Policy } from '../schema'

export const TIERS = ['critical', 'patient', 'configuration', 'static-assets'] as const
export const SCENARIOS = ['zone-loss', 'region-loss', 'corruption', 'bad-release'] as const
export type Tier = (typeof TIERS)[number]
export type Scenario = (typeof SCENARIOS)[number]

/** A worst case in seconds and what it rests on; `Infinity` where no declared mechanism reaches the state at all. */
export interface WorstCase {
  readonly seconds: number
  readonly because: string
}

export const worst = (seconds: number, because: string): WorstCase => ({ seconds, because })

export const NO_RECOVERY_REGION = worst(Infinity, 'not recoverable: nothing is kept outside of the region')

/** Critical and patient data live in the database; configuration and assets have mechanisms of their own. */
export const inDatabase = (tier: Tier): boolean => tier === 'critical' || tier === 'patient'

export type ScenarioTable = Readonly<Record<Scenario, (policy: Policy, tier: Tier) => WorstCase>>
