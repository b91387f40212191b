import * as z from 'zod/mini'
import { toldFailure } from '../../adapters/aws/told-failure'
import { deployedAnswer, deployedCall } from '../../core/release/deployed-call'
import { withPolicy } from '../contract'
import { KEEPS_RELEASES, SEES_RELEASES } from '../release-permissions'

export const input = deployedCall
export const output = z.union([toldFailure, deployedAnswer])

/** Tells the desk what is deployed in its region, and keeps it where its place would let go of it. Puts nothing in force. */
export const contract = withPolicy({
  name: 'release-reader',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 30,
  environment: [],
  permissions: [...SEES_RELEASES, ...KEEPS_RELEASES],
})
