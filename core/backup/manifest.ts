import * as z from 'zod/mini'
import { canonicalJson } from '../evidence/canonical-json'
import { PortError } from '../ports/errors'
import { isSame, isVouchedFor, vouchFor, type BackupSecrets } from './backup-secrets'
import { fingerprintForm } from './fingerprint-form'

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.nonnegative())
/** What ports give is theirs to change, and nobody else's. */
const list = <Of extends z.core.SomeType>(of: Of) => z.readonly(z.array(of))

const setting = z.strictObject({ role: z.optional(z.string()), name: z.string(), value: z.string() })

const role = z.strictObject({
  name: z.string(),
  attributes: list(z.string().check(z.regex(/^[A-Z]+$/))),
  connectionLimit: z.int(),
  validUntil: z.optional(z.string()),
  memberOf: list(
    z.strictObject({
      role: z.string(),
      options: list(z.string().check(z.regex(/^(?:ADMIN|INHERIT|SET) (?:TRUE|FALSE)$/))),
    }),
  ),
  settings: list(setting),
})

const origin = z.strictObject({
  cluster: z.optional(z.string()),
  database: z.string(),
  serverVersion: z.string(),
  position: z.string(),
  at: z.iso.datetime(),
})

const properties = z.strictObject({
  encoding: z.string(),
  localeProvider: z.string(),
  collate: z.string(),
  ctype: z.string(),
  locale: z.optional(z.string()),
  icuRules: z.optional(z.string()),
  owner: z.string(),
  privileges: z.optional(
    list(
      z.strictObject({
        grantee: z.optional(z.string()),
        privilege: z.string().check(z.regex(/^[A-Z]+$/)),
        grantable: z.boolean(),
      }),
    ),
  ),
  settings: list(setting),
})

const part = z.strictObject({
  name: z.string().check(z.regex(/^(?:schema|rows-\d+)$/)),
  /** Of the dump, before it was sealed. */
  plainBytes: count,
  /** As stored. */
  bytes: count,
  sha256,
})

/** What does not change for as long as the backup exists, and what the data key vouches for. */
const facts = z.strictObject({
  format: z.literal(2),
  id: z.uuid(),
  /** By the clock of whoever backed up. */
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  client: z.string(),
  origin,
  properties,
  roles: list(role),
  fingerprint: fingerprintForm,
  chunkBytes: z.int().check(z.positive()),
  /** One part with the definitions, and at least one with rows. */
  schema: part,
  rows: z.readonly(z.array(part).check(z.minLength(1))),
})

const manifest = z.strictObject({
  facts,
  /** Changes when the data key is wrapped anew; the data does not. */
  key: z.strictObject({ keyId: z.string(), wrapped: z.string() }),
  commitment: sha256,
  voucher: sha256,
})

export type BackupFacts = z.infer<typeof facts>
export type StoredPart = z.infer<typeof part>
export type Manifest = z.infer<typeof manifest>

/** Bytes of a whole backup as they are stored. */
export const storedBytes = ({ schema, rows }: BackupFacts): number =>
  [schema, ...rows].reduce((sum, { bytes }) => sum + bytes, 0)

/** What the data key of a backup is wrapped for: another backup's does not open with it. */
export const keyContext = (id: string) => ({ purpose: 'backup', backup: id })

/** How a part of a backup is sealed: for itself, so that another one in its place does not open. */
export const sealOf = ({ stream }: BackupSecrets, id: string, named: string) => ({
  key: stream(named),
  context: `neonpro-recovery backup ${id} ${named}`,
})

export const signedManifest = (known: BackupFacts, secrets: BackupSecrets, key: Manifest['key']): Manifest => ({
  facts: known,
  key,
  commitment: secrets.commitment,
  voucher: vouchFor(secrets, canonicalJson(known)),
})

export const manifestText = (of: Manifest): string => `${canonicalJson(of)}\n`

/** Throws PortError('invalid', 'MANIFEST_FORM') for what is no manifest of ours. */
export function parseManifest(text: string): Manifest {
  const parsed = z.safeParse(manifest, jsonOf(text))
  if (parsed.success) return parsed.data
  throw new PortError(
    'invalid',
    'MANIFEST_FORM',
    'the manifest is cut, damaged or of another format; take another copy',
  )
}

/** Whether the key is the one that this backup was sealed with. */
export const isKeyOf = ({ commitment }: Manifest, secrets: BackupSecrets): boolean =>
  isSame(commitment, secrets.commitment)

/** Whether what the manifest says is what was written when the backup was taken. */
export const isGenuine = ({ facts: known, voucher }: Manifest, secrets: BackupSecrets): boolean =>
  isVouchedFor(secrets, canonicalJson(known), voucher)

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
