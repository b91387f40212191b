import { issueCertificates } from '../adapters/local/certificates'
import { tryWeakClients } from '../adapters/postgres/weak-clients'
import { atMost, type Objective } from '../core/measurement'
import type { InstanceRef } from '../core/ports/database'
import type { Stage } from './stage'

const DEADLINE_MS = 5000

/** Whether what serves after a recovery is as closed to weak clients as what served before. Undefined: nothing serves. */
export async function weakClientsRefused(
  { world }: Pick<Stage, 'world'>,
  writer: InstanceRef | undefined,
): Promise<Objective> {
  const tries =
    writer &&
    (await tryWeakClients(
      world.endpointOf(writer),
      world.secrets.login('clinic_app'),
      (await issueCertificates([])).authority,
      DEADLINE_MS,
    ))
  return atMost(
    'clients without TLS, with an older one or another authority, that got in',
    0,
    tries?.filter(({ outcome }) => outcome === 'accepted').length,
  )
}
