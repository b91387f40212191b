import * as z from 'zod/mini'
import { PortError } from '../ports/errors'
import type { RestoreTarget } from '../ports/restore'

/** What a marker may be called, so that it can stand in a file name and in evidence. */
export const MARKER_NAME = /^[\w.-]{1,64}$/

/**
 * What a person may name to return to. A time without its offset has been restored to the wrong moment before
 * (EnterpriseDB/barman, pull request 945).
 */
export const restoreTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('time'), at: z.iso.datetime({ offset: true }) }),
  z.strictObject({ kind: z.literal('transaction'), id: z.string().check(z.regex(/^\d{1,20}$/)) }),
  z.strictObject({ kind: z.literal('marker'), name: z.string().check(z.regex(MARKER_NAME)) }),
]) satisfies z.ZodMiniType<RestoreTarget>

/** Throws PortError('invalid') with the code for a target out of form; `what` names it to people. */
export function requireTarget(target: RestoreTarget, what: string, code: string): void {
  if (restoreTarget.safeParse(target).success) return
  throw new PortError(
    'invalid',
    code,
    `the ${what} is not in form: ${JSON.stringify(target)}; give a time with its offset, the number of a transaction, or the name of a marker`,
  )
}
