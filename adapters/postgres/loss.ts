import type { Client } from 'pg'
import { PortError } from '../../core/ports/errors'

/** One line of the clients' own log: what a client knew of one attempt, and when. */
export interface AttemptEntry {
  readonly client: number
  readonly sequence: number
  readonly kind: 'intent' | 'acknowledged' | 'refused' | 'unknown'
  /** CLOCK_MONOTONIC in nanoseconds; a decimal string, because it may exceed a double. */
  readonly atNs: string
}

/** One attempt by its number. */
export interface AttemptId {
  readonly client: number
  readonly sequence: number
}

/** What the recovered database holds of what the clients were told. Counts of attempts. */
export interface Loss {
  readonly acknowledged: number
  /** Acknowledged and absent: the loss. */
  readonly lost: number
  /** Refused and present: a client was told no, and the record is there. */
  readonly ghost: number
  /** No answer in time; `unknownPresent` of them arrived nevertheless. Neither is a loss nor a ghost. */
  readonly unknown: number
  readonly unknownPresent: number
  /** Present more than once. */
  readonly duplicated: number
  /** Present, but no longer what the client wrote. */
  readonly damaged: number
  /** From the last acknowledgement that survived to the last that was lost; 0 where nothing was lost. */
  readonly rpoSeconds: number
}

const BATCH = 5000

/**
 * Compares the clients' log with the recovered writer, inside the database, in constant memory. `onIds` receives the ids
 * of everything that is not as the clients were told, in order and in batches. Counting before recovery has ended would
 * call rows lost that are still being replayed, so a node in recovery is refused with PortError('conflict').
 */
export async function measureLoss(
  writer: Client,
  log: AsyncIterable<AttemptEntry>,
  onIds: (kind: 'lost' | 'ghost' | 'unknown', ids: readonly AttemptId[]) => Promise<void> | void,
): Promise<Loss> {
  const { rows } = await writer.query<{ recovering: boolean }>('select pg_is_in_recovery() as recovering')
  if (rows[0]!.recovering) {
    throw new PortError(
      'conflict',
      'STILL_IN_RECOVERY',
      'the database still replays; count the loss after its promotion',
    )
  }
  await writer.query(
    'create temp table attempt (client integer, seq bigint, kind text, at_ns numeric, copies bigint, damaged boolean)',
  )
  try {
    await load(writer, log)
    await writer.query(COMPARE)
    for (const kind of ['lost', 'ghost', 'unknown'] as const) await deliver(writer, kind, onIds)
    return await summarize(writer)
  } finally {
    await writer.query('drop table attempt')
  }
}

/** One row per attempt. A client has at most one attempt open, so what is held in memory is one intent per client. */
async function load(writer: Client, log: AsyncIterable<AttemptEntry>): Promise<void> {
  const open = new Map<number, AttemptEntry>()
  let batch: AttemptEntry[] = []
  const flush = async () => {
    await writer.query(
      `insert into attempt (client, seq, kind, at_ns)
       select * from unnest($1::integer[], $2::bigint[], $3::text[], $4::numeric[])`,
      [batch.map((a) => a.client), batch.map((a) => a.sequence), batch.map((a) => a.kind), batch.map((a) => a.atNs)],
    )
    batch = []
  }
  // An intent without an outcome is an answer that never came.
  const abandon = (entry: AttemptEntry | undefined) => entry && batch.push({ ...entry, kind: 'unknown' })
  for await (const entry of log) {
    if (entry.kind === 'intent') {
      abandon(open.get(entry.client))
      open.set(entry.client, entry)
      continue
    }
    open.delete(entry.client)
    batch.push(entry)
    if (batch.length >= BATCH) await flush()
  }
  for (const entry of open.values()) abandon(entry)
  await flush()
  await writer.query('analyze attempt')
}

const COMPARE = `
  update attempt set copies = found.copies, damaged = found.damaged
  from (select a.client, a.seq, count(r.client_id) as copies, coalesce(bool_or(md5(r.body) <> r.body_md5), false) as damaged
        from attempt a left join clinic.records r on r.client_id = a.client and r.client_sequence = a.seq
        group by a.client, a.seq) found
  where found.client = attempt.client and found.seq = attempt.seq`

const IS = {
  lost: `kind = 'acknowledged' and copies = 0`,
  ghost: `kind = 'refused' and copies > 0`,
  unknown: `kind = 'unknown'`,
} as const

async function deliver(writer: Client, kind: keyof typeof IS, onIds: Parameters<typeof measureLoss>[2]): Promise<void> {
  for (let after: AttemptId = { client: -1, sequence: -1 }; ;) {
    const { rows } = await writer.query<{ client: number; seq: string }>(
      `select client, seq from attempt where ${IS[kind]} and (client, seq) > ($1, $2) order by client, seq limit ${BATCH}`,
      [after.client, after.sequence],
    )
    if (rows.length === 0) return
    const ids = rows.map((row) => ({ client: row.client, sequence: Number(row.seq) }))
    await onIds(kind, ids)
    after = ids.at(-1)!
  }
}

async function summarize(writer: Client): Promise<Loss> {
  const { rows } = await writer.query<Record<keyof Loss, string>>(`
    with lost as (select min(at_ns) as first, max(at_ns) as last from attempt where ${IS.lost})
    select count(*) filter (where kind = 'acknowledged') as acknowledged,
      count(*) filter (where ${IS.lost}) as lost,
      count(*) filter (where ${IS.ghost}) as ghost,
      count(*) filter (where ${IS.unknown}) as unknown,
      count(*) filter (where ${IS.unknown} and copies > 0) as "unknownPresent",
      count(*) filter (where copies > 1) as duplicated,
      count(*) filter (where damaged) as damaged,
      -- Where not even the first acknowledgement survived, the loss reaches back at least to the first one.
      coalesce(((select last from lost) - coalesce(
        max(at_ns) filter (where kind = 'acknowledged' and copies > 0 and at_ns < (select first from lost)),
        (select first from lost))) / 1e9, 0) as "rpoSeconds"
    from attempt`)
  const found = Object.entries(rows[0]!).map(([name, value]) => [name, Number(value)])
  return Object.fromEntries(found) as Record<keyof Loss, number>
}
