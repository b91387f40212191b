import type { Client } from 'pg'
import { appendToLedger, markApplied } from '../core/coordination/erasure-ledger'
import { atMost, exactly, type Objective } from '../core/measurement'
import type { InstanceRef, LedgerEntry } from '../core/ports/database'
import { again } from './again'
import type { Stage } from './stage'

/** Requests that a recovery must not undo, accepted so late that what takes over may not hold them. */
export interface LedgerProbes {
  /** Carries them out as production does, in the database and in the ledger; one of them is not carried out yet. */
  accept(): Promise<void>
  /** What of them the recovered database still holds. Undefined: there is none. */
  objectives(recovered: InstanceRef | undefined): Promise<Objective[]>
}

/** Of two people, one whose erasure was carried out and one who is only in the ledger. */
const ERASED = ['PROBE-ERASED', 'PROBE-WAITING'] as const
/** Nobody of the rehearsal works with it. */
const LEAVER = 'clinic_reporting'

/** Registers the people of the probes while nothing has happened, so that every copy may know them. */
export async function plantLedgerProbes(stage: Stage): Promise<LedgerProbes> {
  const { world, ports, runId } = stage
  const onPrimary = (work: (client: Client) => Promise<unknown>) =>
    again(ports.clock, () => world.withInstance(world.primary, work))
  await onPrimary((client) =>
    client.query(
      `with people as (
         insert into clinic.patients (code, name, birth_date, phone)
           select code, 'Synthetic Person ' || code, date '1970-01-01', '+55 11 00000000' from unnest($1::text[]) code
           returning id)
       insert into clinic.consents (patient_id, purpose, given_at) select id, 'telemedicine', now() from people`,
      [ERASED],
    ),
  )
  const record = async (kind: LedgerEntry['kind'], subjectId: string, applied: boolean) => {
    const id = `${runId}-${kind}-${subjectId.toLowerCase().replaceAll('_', '-')}`
    const { coordination, clock } = ports
    const acceptedAt = clock.now().toISOString()
    await again(clock, () => appendToLedger(coordination, { id, kind, subjectId, acceptedAt }))
    if (applied) await again(clock, () => markApplied(coordination, id, clock.now()))
  }
  return {
    accept: async () => {
      const [erased, waiting] = ERASED
      await onPrimary((client) => carryOut(client, erased))
      await record('erasure', erased, true)
      await record('consent-withdrawal', erased, true)
      await record('access-revocation', LEAVER, true)
      await record('erasure', waiting, false)
    },
    objectives: async (recovered) => judge(recovered && (await world.withInstance(recovered, look))),
  }
}

async function carryOut(client: Client, code: string): Promise<void> {
  await client.query('begin')
  // A replica that is held back must not hold back whoever has the right to be forgotten.
  await client.query('set local synchronous_commit = local')
  await client.query(
    `update clinic.patients set name = 'erased', phone = null, erased_at = clock_timestamp() where code = $1`,
    [code],
  )
  await client.query(
    `update clinic.consents set withdrawn_at = clock_timestamp() where patient_id = (select id from clinic.patients where code = $1)`,
    [code],
  )
  await client.query(`alter role ${LEAVER} nologin password null`)
  await client.query('commit')
}

interface Looked {
  /** People of the probes that the database knows at all: without them it proves nothing. */
  readonly known: number
  readonly named: number
  readonly consenting: number
  readonly leaver: 'revoked' | 'open'
}

async function look(client: Client): Promise<Looked> {
  const { rows } = await client.query<Looked>(
    `select count(*)::int as known,
       (count(*) filter (where erased_at is null or name <> 'erased' or phone is not null))::int as named,
       (select count(*)::int from clinic.consents join clinic.patients p on p.id = patient_id
        where p.code = $2 and withdrawn_at is null) as consenting,
       (select case when rolcanlogin then 'open' else 'revoked' end from pg_roles where rolname = $3) as leaver
     from clinic.patients where code = any($1::text[])`,
    [ERASED, ERASED[0], LEAVER],
  )
  return rows[0]!
}

function judge(looked: Looked | undefined): Objective[] {
  const found = looked?.known === ERASED.length ? looked : undefined
  return [
    atMost('people erased late whose identity came back', 0, found?.named),
    atMost('consents withdrawn late that hold again', 0, found?.consenting),
    exactly('login revoked late, in the recovered database', 'revoked', found?.leaver),
  ]
}
