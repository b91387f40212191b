import type { RunbookName } from '../core/detection/scenarios'
import type { Json } from '../core/json'
import type { Policy } from '../core/policy'
import type { Names, RegionRole } from './names'
import { regionFailoverMachine } from './region-failover-machine'

/** Makes the definition of a state machine. */
type Machine = (policy: Policy, names: Names) => Json

/** Runbooks each region executes. What takes over has to be able to act alone; the others lend it functions. */
export const RUNBOOKS_OF: Readonly<Record<RegionRole, Partial<Readonly<Record<RunbookName, Machine>>>>> = {
  primary: {},
  recovery: { 'region-failover': regionFailoverMachine },
  witness: {},
}
