import type { Client } from 'pg'
import type { DatabaseFingerprint, SequenceState, SequenceValue } from '../../../core/integrity/fingerprint'
import { OUTSIDE_SERVER } from './relations'

export interface ReadSequence extends SequenceState {
  readonly sequence: string
  readonly increment: string
  readonly cache: string
  readonly cycles: boolean
}

const SEQUENCES = `
  select format('%I.%I', n.nspname, c.relname) as sequence, s.seqincrement::text as increment, s.seqcache::text as cache, s.seqcycle as cycles,
    has_sequence_privilege(c.oid, 'select') and not (c.relpersistence = 'u' and pg_is_in_recovery()) as readable
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where c.relpersistence <> 't' and ${OUTSIDE_SERVER} order by 1`

/** So many sequences are read by one statement. */
const AT_ONCE = 500

/** Where every sequence stands now; the names of those that the role may not read. */
export async function readSequences(client: Client): Promise<{ read: ReadSequence[]; unreadable: string[] }> {
  const { rows } = await client.query<Omit<ReadSequence, keyof SequenceState> & { readable: boolean }>(SEQUENCES)
  const readable = rows.filter((row) => row.readable)
  const read: ReadSequence[] = []
  for (let at = 0; at < readable.length; at += AT_ONCE) {
    const some = readable.slice(at, at + AT_ONCE)
    const states = await client.query<SequenceState & { index: number }>(
      some
        .map(
          ({ sequence }, index) =>
            `select ${index} as index, last_value::text as value, is_called as called from ${sequence}`,
        )
        .join(' union all '),
    )
    for (const { index, value, called } of states.rows) {
      const { sequence, increment, cache, cycles } = some[index]!
      read.push({ sequence, increment, cache, cycles, value, called })
    }
  }
  return { read, unreadable: rows.filter((row) => !row.readable).map(({ sequence }) => sequence) }
}

/** Sequences that were there from the beginning to the end. */
export const spanned = (first: readonly ReadSequence[], last: readonly ReadSequence[]): SequenceValue[] =>
  endingAt(
    first.map(({ value, called, ...sequence }) => ({ ...sequence, first: { value, called } })),
    last,
  )

function endingAt(begun: readonly Omit<SequenceValue, 'last'>[], ends: readonly ReadSequence[]): SequenceValue[] {
  const states = new Map(ends.map(({ sequence, value, called }) => [sequence, { value, called }]))
  return begun.flatMap((sequence) => {
    const last = states.get(sequence.sequence)
    return last ? [{ ...sequence, last }] : []
  })
}

/** A fingerprint whose sequences are known to have run up to now, for whoever copies them in the meantime, as `pg_dump` does. */
export async function sequencesUntilNow(client: Client, taken: DatabaseFingerprint): Promise<DatabaseFingerprint> {
  const { read } = await readSequences(client)
  return { ...taken, sequences: endingAt(taken.sequences, read) }
}
