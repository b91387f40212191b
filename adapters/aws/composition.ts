import type { TwoRegionPolicy } from '../../core/policy/two-regions'
import type { Ports } from '../../core/ports'
import type { AwsEnvironment } from './environment'

/** What every function of a runbook has, whatever its privilege. */
export type SharedPorts = Pick<Ports, 'clock' | 'reporter' | 'coordination'>

/** Where a function of a runbook stands. */
export interface Here {
  readonly environment: AwsEnvironment
  readonly policy: TwoRegionPolicy
  /** Of the function, which is where the run's successor stands. */
  readonly region: string
}

/** Puts together what one privilege adds. */
export type Compose = (here: Here, shared: SharedPorts) => Partial<Ports>
