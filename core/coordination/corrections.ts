import * as z from 'zod/mini'
import { open, seal } from '../configuration/envelope'
import { sha256 } from '../evidence/hash'
import type { ConditionalStore } from '../ports/conditional-store'
import type { DataKeys } from '../ports/data-keys'
import type { LedgerEntry } from '../ports/database'
import { PortError } from '../ports/errors'

const text = z.string().check(z.minLength(1), z.maxLength(200))
/** What a person may have had corrected: personal data, in no store but sealed. */
const correctedFields = z.strictObject({
  name: z.optional(text),
  birthDate: z.optional(z.iso.date()),
  phone: z.optional(z.nullable(text)),
})
export type CorrectedFields = z.infer<typeof correctedFields>

const keyOf = (id: string): string => `corrections/${id}`
const contextOf = (id: string) => ({ ledgerEntry: id })

/** The fields of a correction as only the holder of the keys can read them. Throws PortError('invalid') for other fields. */
export async function sealCorrection(keys: DataKeys, id: string, fields: unknown): Promise<string> {
  const parsed = correctedFields.safeParse(fields)
  // Without what is there: it is a person's.
  if (!parsed.success)
    throw new PortError('invalid', 'CORRECTION_FORM', 'a correction holds name, birthDate or phone, and nothing else')
  return seal(keys, JSON.stringify(parsed.data), contextOf(id))
}

/**
 * Keeps a sealed correction beside the ledger, in the recovery region alone: the witness region holds no personal data,
 * sealed or not. Gives the hash that the ledger's entry names it by.
 */
export async function storeCorrection(recovery: ConditionalStore, id: string, sealed: string): Promise<string> {
  if ((await recovery.create(keyOf(id), sealed)) === 'exists' && (await sealedOf(recovery, id)) !== sealed)
    throw new PortError(
      'conflict',
      'CORRECTION_ID_TAKEN',
      `another sealed correction lies under '${id}'; use its own id`,
    )
  return sha256(sealed)
}

/** Whether what an entry names is there and unchanged; true for what needs no payload. */
export async function holdsCorrection(recovery: ConditionalStore, entry: LedgerEntry): Promise<boolean> {
  if (entry.kind !== 'correction') return true
  const sealed = await sealedOf(recovery, entry.id)
  return sealed !== undefined && sha256(sealed) === entry.payloadHash
}

/** The fields again. Throws PortError('conflict') where they are gone or are not those of the entry, 'invalid' as `open` does. */
export async function openCorrection(
  recovery: ConditionalStore,
  keys: DataKeys,
  entry: LedgerEntry,
): Promise<CorrectedFields> {
  if (!(await holdsCorrection(recovery, entry)))
    throw new PortError(
      'conflict',
      'CORRECTION_MISSING',
      `the sealed fields of correction '${entry.id}' are gone or were changed; nothing may open before they are found`,
    )
  const sealed = (await sealedOf(recovery, entry.id)) ?? ''
  return correctedFields.parse(JSON.parse(await open(keys, sealed, contextOf(entry.id))))
}

const sealedOf = async (recovery: ConditionalStore, id: string): Promise<string | undefined> => {
  const value = (await recovery.get(keyOf(id)))?.value
  return typeof value === 'string' ? value : undefined
}
