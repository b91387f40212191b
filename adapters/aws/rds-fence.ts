import type { Policy } from '../../core/policy'
import type { Fence } from '../../core/ports/database'
import { isPortError, PortError } from '../../core/ports/errors'
import { closeAndProve, type TryWrite } from '../postgres/guard'
import type { OwnDatabase, Sessions } from './own-database'
import { protectedTables } from './protected-tables'

/** Fences a database of the own region: what runs in one region when the other one asks for it. */
export function rdsFence(database: Sessions, policy: Policy): Fence {
  const deadlineMs = policy.pace.fenceAttemptSeconds * 1000
  const [table] = protectedTables(policy)
  const tryWrite =
    (ref: OwnDatabase['ref']): TryWrite =>
    async (role) => {
      try {
        // The trigger fires per statement, so a write of no row shows what a real one would meet.
        await database.session(
          ref,
          deadlineMs,
          (client) => client.query(`update ${table} set id = id where false`),
          role,
        )
      } catch (error) {
        throw provesNothing(error)
          ? new PortError('unreachable', 'LOGIN_NOT_TRIED', `'${role}' could not be tried`)
          : error
      }
    }
  return {
    close: async (ref, { epoch }) => {
      try {
        return await database.session(ref, deadlineMs, (client) => closeAndProve(client, epoch, tryWrite(ref)))
      } catch (error) {
        if (isPortError(error) && error.failure === 'unreachable') return { kind: 'unreachable' }
        throw error
      }
    },
  }
}

/**
 * A role without IAM authentication fails with the same SQLSTATE as a closed one (28000), before the server looks at
 * whether it may log in. Only the server's own sentence tells them apart; RDS speaks English unless told otherwise,
 * and another language makes the fence unproven, never wrongly proven.
 */
function provesNothing(error: unknown): boolean {
  const cause = (error as { cause?: { code?: unknown; message?: unknown } }).cause
  if (typeof cause?.code !== 'string' || !cause.code.startsWith('28')) return false
  return !String(cause.message).includes('is not permitted to log in')
}
