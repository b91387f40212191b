import type { Policy } from '../../core/policy'
import type { ValidatedTables } from '../postgres/validation'

/** Tables of the store register: what the lease protects and a validation reads. */
export const protectedTables = (policy: Policy): readonly string[] => tablesOf(policy).map(({ id }) => id)

/** The same, with those whose rows never change once written, by which content can be judged. */
export const validatedTables = (policy: Policy): ValidatedTables => ({
  all: protectedTables(policy),
  unchanging: tablesOf(policy).flatMap(({ id, rows }) => (rows === 'append-only' ? [id] : [])),
})

const tablesOf = ({ stores }: Policy) => stores.filter(({ kind }) => kind === 'table')
