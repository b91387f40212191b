import { connect, destroy, sqlState, type Endpoint, type Login } from '../../adapters/postgres/connect'
import type { InstanceRef } from '../../core/ports/database'
import type { Stage } from '../stage'

/** One try to get in with a secret of before. */
export interface StolenTry {
  readonly instance: string
  readonly role: string
  readonly outcome: 'refused' | 'accepted' | 'unanswered'
  readonly code: string
}

const DEADLINE_MS = 2000

/** Tries every secret that was valid during the attack on each of the databases; the server's own refusal alone counts. */
export async function tryStolen(
  { world }: Stage,
  secrets: readonly Login[],
  instances: readonly InstanceRef[],
): Promise<StolenTry[]> {
  const tries: StolenTry[] = []
  for (const ref of instances)
    for (const login of secrets)
      tries.push({
        instance: ref.instance,
        role: login.user,
        ...(await tryOnce(world.endpointOf(ref), login)),
      })
  return tries
}

async function tryOnce(endpoint: Endpoint, login: Login): Promise<Pick<StolenTry, 'outcome' | 'code'>> {
  try {
    destroy(await connect(endpoint, login, DEADLINE_MS))
    return { outcome: 'accepted', code: '00000' }
  } catch (error) {
    const code = sqlState(error)
    return code?.startsWith('28') ? { outcome: 'refused', code } : { outcome: 'unanswered', code: code ?? 'NO_ANSWER' }
  }
}
