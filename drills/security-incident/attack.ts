import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { connect, destroy, type Login } from '../../adapters/postgres/connect'
import { now, type Strike } from '../strike'
import type { Stage } from '../stage'

/** What an attacker has done so far. */
export interface Attack {
  /** Just before the first transaction was committed. */
  readonly struck: Strike
  /** Number of the first transaction that was committed. */
  readonly firstTransaction: string
  readonly committed: number
  /** Rows that they deleted. */
  readonly deletedRows: number
  /** Attempts that the database refused or did not answer, by which the attacker tried to go on. */
  readonly refused: number
  /** When the last transaction was committed, on the wall. */
  readonly lastAt: string
}

const CONNECT_MS = 1000
const TRY_AGAIN_MS = 50

/** In turn: what is written is made unreadable, and the rest is deleted. */
const BLOWS = [
  `update clinic.patients set name = md5(name || random()), phone = md5(phone) where id between $1 and $2`,
  `delete from clinic.prescriptions where id between $1 and $2`,
  `update clinic.records set body = encode(sha256(body::bytea), 'hex') where id between $1 and $2`,
  `delete from clinic.invoices where id between $1 and $2`,
  `delete from clinic.consents where id between $1 and $2`,
  `delete from clinic.appointments where id between $1 and $2`,
]

/** Role of the background jobs, which may delete as those of a real clinic do. */
export const STOLEN = 'clinic_jobs'

/** What the attacker logs in with. */
export async function stealLogin({ world }: Stage): Promise<Login> {
  await world.withInstance(world.primary, (client) =>
    client.query(`grant delete on all tables in schema clinic to ${STOLEN}`),
  )
  return world.secrets.login(STOLEN)
}

/**
 * Begins to attack the primary with the stolen login: many small transactions over all tables, again and again after each
 * refusal, until it is stopped. Resolves once the first one is committed; `end` tells what was done.
 */
export async function beginAttack(stage: Stage, login: Login): Promise<{ end(): Promise<Attack> }> {
  const { transactions, rowsPerTransaction, pauseSeconds } = stage.size.policy.rehearsal.attack
  const endpoint = stage.world.endpointOf(stage.world.primary)
  const stopped = new AbortController()
  const over = AbortSignal.any([stopped.signal, stage.over])
  let attack: Attack | undefined
  const isUnderWay = () => attack !== undefined
  let client: Client | undefined
  let refused = 0
  const strike = async (blow: number): Promise<void> => {
    client ??= await connect(endpoint, login, CONNECT_MS)
    const from = 1 + Math.floor(blow / BLOWS.length) * rowsPerTransaction
    await client.query('begin')
    const { command, rowCount } = await client.query(BLOWS[blow % BLOWS.length]!, [from, from + rowsPerTransaction - 1])
    const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::xid::text as id')
    const struck = now()
    await client.query('commit')
    attack = {
      ...(attack ?? { struck, firstTransaction: rows[0]!.id, refused: 0 }),
      committed: (attack?.committed ?? 0) + 1,
      deletedRows: (attack?.deletedRows ?? 0) + (command === 'DELETE' ? (rowCount ?? 0) : 0),
      lastAt: new Date().toISOString(),
    }
  }
  const attacking = (async () => {
    for (let blow = 0; !over.aborted;) {
      try {
        if (blow < transactions) await strike(blow++)
        else await (client ??= await connect(endpoint, login, CONNECT_MS)).query('select')
        await sleep(pauseSeconds * 1000)
      } catch {
        refused++
        destroy(client)
        client = undefined
        await sleep(TRY_AGAIN_MS)
      }
    }
    destroy(client)
  })()
  while (!isUnderWay() && !over.aborted) await sleep(1)
  return {
    end: async () => {
      stopped.abort()
      await attacking
      return { ...attack!, refused }
    },
  }
}
