import type { Client } from 'pg'
import type { CorrectedFields } from '../../core/coordination/corrections'
import type { LedgerEntry, ReplaySet } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { notOfPlatform } from '../../core/policy/platform-roles'
import { sqlState } from './connect'
import { FENCE_ROLE } from './guard-schema'

/** Gives the fields of a correction; only here are they in the clear, on the way into the database. */
export type OpenCorrection = (entry: LedgerEntry) => Promise<CorrectedFields>

/** What one kind of entry does in SQL, and what of it is not so afterwards; `$1` is the entries as JSON. */
interface Effect {
  readonly apply: string
  readonly residue: string
}

const ENTRIES = `jsonb_to_recordset($1::jsonb) as entry(subject text, accepted_at timestamptz, fields jsonb)`
const SUBJECTS = `(select subject from ${ENTRIES})`

const NOT_ERASED = `code in ${SUBJECTS} and (erased_at is null or name <> 'erased' or phone is not null)`
const NOT_BLOCKED = `code in ${SUBJECTS} and blocked_at is null`
/** A consent that was given after the withdrawal was accepted is a new one. */
const NOT_WITHDRAWN = `withdrawn_at is null and given_at <= withdrawal.accepted_at and patient_id = withdrawal.of`
const WITHDRAWALS = `(select id as of, max(accepted_at) as accepted_at from clinic.patients join ${ENTRIES} on code = subject group by id) withdrawal`
const CORRECTED = `name = coalesce(fields->>'name', name), birth_date = coalesce((fields->>'birthDate')::date, birth_date),
  phone = case when fields ? 'phone' then fields->>'phone' else phone end`
const NOT_CORRECTED = `code = subject and erased_at is null and (name <> coalesce(fields->>'name', name)
  or birth_date <> coalesce((fields->>'birthDate')::date, birth_date) or (fields ? 'phone' and phone is distinct from fields->>'phone'))`

const EFFECTS: Readonly<Record<Exclude<LedgerEntry['kind'], 'access-revocation'>, Effect>> = {
  // The person's identity goes; the medical record stays for its legal term under the pseudonymous code (LGPD art. 16 I).
  erasure: {
    apply: `update clinic.patients set name = 'erased', phone = null, erased_at = coalesce(erased_at, clock_timestamp()) where ${NOT_ERASED}`,
    residue: `select count(*)::int as left from clinic.patients where ${NOT_ERASED}`,
  },
  block: {
    apply: `update clinic.patients set blocked_at = clock_timestamp() where ${NOT_BLOCKED}`,
    residue: `select count(*)::int as left from clinic.patients where ${NOT_BLOCKED}`,
  },
  'consent-withdrawal': {
    apply: `update clinic.consents set withdrawn_at = withdrawal.accepted_at from ${WITHDRAWALS} where ${NOT_WITHDRAWN}`,
    residue: `select count(*)::int as left from clinic.consents, ${WITHDRAWALS} where ${NOT_WITHDRAWN}`,
  },
  correction: {
    apply: `update clinic.patients set ${CORRECTED} from ${ENTRIES} where ${NOT_CORRECTED}`,
    residue: `select count(*)::int as left from clinic.patients, ${ENTRIES} where ${NOT_CORRECTED}`,
  },
}

/**
 * Applies to a recovered database what it may lack, in one transaction, and looks again: with a residue nothing is kept. The
 * fields of a correction are judged only when they are applied, since they may rightly have changed since. Throws
 * PortError('conflict') where the database was given entries that the ledger does not reach.
 */
export async function replayInto(
  client: Client,
  { entries, head }: ReplaySet,
  openFields: OpenCorrection,
): Promise<{ readonly applied: number; readonly residue: number }> {
  await client.query('begin')
  // Rows that a policy hides would be neither changed nor counted: the statement fails instead.
  await client.query('set local row_security = off')
  await refuseShorterLedger(client, head)
  // The lease is not granted yet, and an erasure must not wait for it: it lasts for this transaction only.
  await client.query(`update recovery_guard.lease set valid_until = clock_timestamp() + interval '1 minute'`)
  const fresh = await remember(client, entries)
  const corrections = await merged(
    entries.filter((entry) => entry.kind === 'correction' && fresh.has(entry.sequence)),
    openFields,
  )
  const rowsOf = (kind: keyof typeof EFFECTS) =>
    kind === 'correction' ? corrections : entries.filter((entry) => entry.kind === kind).map(plainRow)
  const revoked = entries.filter(({ kind }) => kind === 'access-revocation').map(({ subjectId }) => subjectId)
  let residue = 0
  for (const kind of ['correction', 'erasure', 'block', 'consent-withdrawal'] as const) {
    const about = rowsOf(kind)
    // What nothing asks for must not need its column: a database may be older than it.
    if (about.length === 0) continue
    const rows = JSON.stringify(about)
    await client.query(EFFECTS[kind].apply, [rows])
    residue += (await client.query<{ left: number }>(EFFECTS[kind].residue, [rows])).rows[0]!.left
  }
  residue += await revoke(client, revoked)
  await client.query(`update recovery_guard.lease set valid_until = '-infinity'`)
  await client.query(residue === 0 ? 'commit' : 'rollback')
  return { applied: residue === 0 ? fresh.size : 0, residue }
}

async function refuseShorterLedger(client: Client, head: number): Promise<void> {
  const { rows } = await client.query<{ known: string }>(
    'select coalesce(max(sequence), 0) as known from recovery_guard.replayed',
  )
  const known = Number(rows[0]!.known)
  if (known > head)
    throw new PortError(
      'conflict',
      'LEDGER_BEHIND',
      `this database was given entry ${known}, and the ledger ends at ${head}; find the rest of it before opening`,
    )
}

/** Which of the entries this database was not given before. */
async function remember(client: Client, entries: readonly LedgerEntry[]): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ sequence: string }>(
    'insert into recovery_guard.replayed (sequence) select unnest($1::bigint[]) on conflict do nothing returning sequence',
    [entries.map(({ sequence }) => sequence)],
  )
  return new Set(rows.map(({ sequence }) => Number(sequence)))
}

const plainRow = ({ subjectId, acceptedAt }: LedgerEntry) => ({ subject: subjectId, accepted_at: acceptedAt })

/** One row a subject, the later correction of a field over the earlier one. */
async function merged(corrections: readonly LedgerEntry[], openFields: OpenCorrection) {
  const fields = new Map<string, CorrectedFields>()
  for (const entry of corrections)
    fields.set(entry.subjectId, { ...fields.get(entry.subjectId), ...(await openFields(entry)) })
  return [...fields].map(([subject, corrected]) => ({ subject, fields: corrected }))
}

/**
 * Takes login and password of the roles, and what would open them again. Gives how many can log in all the same. A role that
 * gets its login back later, by a person, is closed and opened like any other.
 */
async function revoke(client: Client, revoked: readonly string[]): Promise<number> {
  await client.query('delete from recovery_guard.closed_login where name = any($1::name[])', [revoked])
  const { rows } = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname = any($1::name[]) and rolname <> '${FENCE_ROLE}' and ${notOfPlatform('rolname')}`,
    [revoked],
  )
  for (const { name } of rows) {
    await client.query('savepoint one_role')
    try {
      await client.query(`alter role ${client.escapeIdentifier(name)} nologin password null`)
    } catch (error) {
      if (sqlState(error) !== NOT_OURS_TO_ALTER) throw error
      await client.query('rollback to savepoint one_role')
    }
  }
  const left = await client.query<{ left: number }>(
    'select count(*)::int as left from pg_roles where rolcanlogin and rolname = any($1::name[])',
    [revoked],
  )
  return left.rows[0]!.left
}

/** `insufficient_privilege`: a role that only a superuser, or nobody here, may alter. */
const NOT_OURS_TO_ALTER = '42501'
