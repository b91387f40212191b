import { PolicyError, type Policy } from '../core/policy'
import { UserError } from '../core/user-error'
import { readPolicy } from '../policy'
import { presetInForce } from './preset-file'

export interface PolicyOptions {
  readonly environment: Policy['environment']
  /** JSON file that chooses the recovery region; @default what cdk.json names, else none */
  readonly preset?: string
}

/** Parsed but not yet judged for feasibility, so that a policy that promises too much can still be looked at. */
export function chosenPolicy({ environment, preset }: PolicyOptions): Policy {
  try {
    return readPolicy(environment, presetInForce(preset))
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new UserError('POLICY_INVALID', error.message, 'change the fields named above', { cause: error })
  }
}
