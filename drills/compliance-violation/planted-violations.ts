import { cp, readFile, writeFile } from 'node:fs/promises'
import { templateFiles } from '../../adapters/local/assembly-folder'
import type { MemoryAccount } from '../../adapters/memory/account'
import type { DeclaredAt } from '../../core/compliance/declared'
import { kindOf, type FindingCode } from '../../core/compliance/finding-kinds'
import type { CopyProtection, Guarded, Protection } from '../../core/ports/compliance'

/** A violation, what is declared of the thing that it is planted in, and the resource of the template that declares that. */
export interface Planted {
  readonly code: FindingCode
  readonly at: DeclaredAt
  /** What the finding is about; of a snapshot the snapshot, and not the database whose template says how it is encrypted. */
  readonly thing: Guarded
}

interface Violation {
  /** The resource without its protection; undefined: taken out. */
  readonly inTemplate: (properties: Properties) => Properties | undefined
  /** The thing as somebody leaves it who means harm or knows no better; undefined: removed. */
  readonly inAccount: (declared: Protection) => Protection | undefined
}
type Properties = Readonly<Record<string, unknown>>

const SOON = 1

/** What is done to a template, and to an account. */
const VIOLATIONS: Readonly<Record<FindingCode, Violation>> = {
  'bucket-public': {
    inTemplate: (properties) => without(properties, 'PublicAccessBlockConfiguration'),
    inAccount: changed('bucket', (bucket) => ({ ...bucket, refusesPublic: false })),
  },
  'copy-unencrypted': {
    inTemplate: (properties) => ({ ...without(properties, 'KmsKeyId'), StorageEncrypted: false }),
    inAccount: changed('copy', (copy) => ({ ...copy, key: null })),
  },
  'lock-removed': {
    inTemplate: (properties) => without(properties, 'LockConfiguration'),
    inAccount: changed('vault', (vault) => ({ ...vault, lock: null })),
  },
  'deletion-protection-off': {
    inTemplate: (properties) => ({ ...properties, DeletionProtection: false }),
    inAccount: changed('database', (database) => ({ ...database, refusesDeletion: false })),
  },
  'trail-stopped': {
    inTemplate: (properties) => ({ ...properties, IsLogging: false }),
    inAccount: changed('trail', (trail) => ({ ...trail, records: false })),
  },
  'log-retention-shortened': {
    inTemplate: (properties) => ({ ...properties, RetentionInDays: SOON }),
    inAccount: changed('log-group', (log) => ({ ...log, keepsDays: SOON })),
  },
  'selection-removed': { inTemplate: () => undefined, inAccount: () => undefined },
  'plan-retention-shortened': {
    inTemplate: ({ BackupPlan, ...rest }) => {
      const { BackupPlanRule, ...plan } = BackupPlan as { BackupPlanRule: readonly Properties[] }
      const rules = BackupPlanRule.map((rule) => ({ ...rule, Lifecycle: { DeleteAfterDays: SOON } }))
      return { ...rest, BackupPlan: { ...plan, BackupPlanRule: rules } }
    },
    inAccount: changed('backup-plan', (plan) => ({
      ...plan,
      keepsDays: Object.fromEntries(Object.keys(plan.keepsDays).map((rule) => [rule, SOON])),
    })),
  },
  'bucket-retention-shortened': {
    inTemplate: ({ LifecycleConfiguration, ...rest }) => {
      const { Rules = [] } = (LifecycleConfiguration ?? {}) as { Rules?: readonly Properties[] }
      return {
        ...rest,
        LifecycleConfiguration: { Rules: [...Rules, { Id: 'soon', Status: 'Enabled', ExpirationInDays: SOON }] },
      }
    },
    inAccount: changed('bucket', (bucket) => ({ ...bucket, ends: { ...bucket.ends, '*': { objectDays: SOON } } })),
  },
  'key-rotation-off': {
    inTemplate: (properties) => ({ ...properties, EnableKeyRotation: false }),
    inAccount: changed('key', (key) => ({ ...key, rotates: false })),
  },
}

function changed<K extends Protection['kind']>(
  kind: K,
  change: (declared: Extract<Protection, { kind: K }>) => Protection,
): Violation['inAccount'] {
  return (declared) => {
    if (declared.kind !== kind) throw new Error(`a ${declared.kind} is not a ${kind}`)
    return change(declared as Extract<Protection, { kind: K }>)
  }
}

const without = (properties: Properties, name: string): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([other]) => other !== name))

/**
 * Chooses a thing for each violation: no two violations meet in one, so that each is seen by itself. Throws where the templates
 * declare too few.
 */
export function chooseThings(codes: readonly FindingCode[], declared: readonly DeclaredAt[]): Planted[] {
  const taken = new Set<DeclaredAt>()
  return codes.map((code) => {
    const wanted = code === 'copy-unencrypted' ? 'database' : kindOf(code).kind
    const at = declared.find((one) => one.declared.kind === wanted && !taken.has(one))
    if (!at) throw new Error(`the templates declare no further ${wanted} in which '${code}' could be planted`)
    taken.add(at)
    const { kind, region, name } = at.declared
    const thing: Guarded =
      code === 'copy-unencrypted' ? { kind: 'copy', region, name: `${name}-by-hand` } : { kind, region, name }
    return { code, at, thing }
  })
}

/** Copies an assembly and takes out of the copy what the violations take out. */
export async function plantInTemplates(from: string, to: string, planted: readonly Planted[]): Promise<void> {
  // Programs of functions are large, and say nothing about a posture.
  await cp(from, to, { recursive: true, filter: (path) => !/\.[cm]?js(\.map)?$/.test(path) })
  const files = await templateFiles(to)
  for (const { code, at } of planted) {
    const file = files.get(at.stack)
    if (file === undefined) throw new Error(`the assembly has no template of the stack '${at.stack}'`)
    const template = JSON.parse(await readFile(file, 'utf8')) as {
      Resources: Record<string, { Properties?: Properties }>
    }
    const resource = template.Resources[at.id]
    const Properties = VIOLATIONS[code].inTemplate(resource?.Properties ?? {})
    if (Properties) template.Resources[at.id] = { ...resource, Properties }
    else delete template.Resources[at.id]
    await writeFile(file, JSON.stringify(template))
  }
}

/** Does to the account what the violations are. */
export function plantInAccount(account: MemoryAccount, planted: readonly Planted[], keys: ReadonlyMap<string, string>) {
  for (const { code, at, thing } of planted) {
    const snapshot: CopyProtection = { ...thing, kind: 'copy', key: keys.get(thing.region) ?? null }
    const left = VIOLATIONS[code].inAccount(thing.kind === 'copy' ? snapshot : at.declared)
    if (left) account.put(left)
    else account.remove(thing)
  }
}
