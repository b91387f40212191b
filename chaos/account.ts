import type { MemoryAccount } from '../adapters/memory/account'
import { referenceOf, stillHolds, weakeningsOf, type Finding } from '../core/compliance/find'
import type { FindingCode } from '../core/compliance/finding-kinds'
import type { Protection } from '../core/ports/compliance'
import type { RemediationInput } from '../core/runbook/compliance-remediation/input'
import type { Moment } from './facts'
import type { Watcher } from './watch'

const region = 'sa-east-1'

interface Violated {
  readonly code: FindingCode
  readonly declared: Protection
  /** As somebody left it; undefined: gone. In part it protects more than is declared, which no remedy may take away. */
  readonly found: Protection | undefined
}

export const VIOLATED: readonly Violated[] = [
  {
    code: 'bucket-public',
    declared: {
      kind: 'bucket',
      region,
      name: 'assets',
      refusesPublic: true,
      ends: { 'exports/*': { objectDays: 30 } },
    },
    found: { kind: 'bucket', region, name: 'assets', refusesPublic: false, ends: { 'exports/*': { objectDays: 60 } } },
  },
  {
    code: 'copy-unencrypted',
    declared: { kind: 'copy', region, name: 'by-hand', key: 'alias/clinic/database' },
    found: { kind: 'copy', region, name: 'by-hand', key: null },
  },
  {
    code: 'lock-removed',
    declared: { kind: 'vault', region, name: 'snapshots', lock: { minDays: 90, maxDays: 400 } },
    found: { kind: 'vault', region, name: 'snapshots', lock: { minDays: 7, maxDays: 4_000 } },
  },
  {
    code: 'deletion-protection-off',
    declared: { kind: 'database', region, name: 'clinic-g1', refusesDeletion: true },
    found: { kind: 'database', region, name: 'clinic-g1', refusesDeletion: false },
  },
  {
    code: 'trail-stopped',
    declared: { kind: 'trail', region, name: 'trail', records: true },
    found: { kind: 'trail', region, name: 'trail', records: false },
  },
  {
    code: 'selection-removed',
    declared: {
      kind: 'backup-selection',
      region,
      name: 'database/ByTag',
      plan: 'database',
      role: 'backup-database',
      resources: [],
      tags: [{ key: 'recovery:backup-plan', value: 'writer' }],
    },
    found: undefined,
  },
  {
    code: 'plan-retention-shortened',
    declared: { kind: 'backup-plan', region, name: 'database', keepsDays: { daily: 90, continuous: 35 } },
    found: { kind: 'backup-plan', region, name: 'database', keepsDays: { daily: 7, continuous: 60 } },
  },
]

/** Makes every thing of the account as somebody left it, those that no finding names too. */
export function violate(account: MemoryAccount): void {
  for (const { declared, found } of VIOLATED) {
    if (found) account.put(found)
    else account.remove(declared)
  }
}

/** An account that others change too, compared with what it was. */
export const watchAccount: Watcher<RemediationInput> = (arena, lookout, { findings }) => {
  const { account } = arena.world
  const seen: { weaker?: Moment; early?: Moment } = {}
  const keep = (what: keyof typeof seen) => (seen[what] ??= { atMs: arena.nowMs(), step: lookout.cursor })
  const isFound = ({ declared }: Violated) =>
    findings.some((finding) => referenceOf(finding.declared) === referenceOf(declared))
  /** Tampered with since the run began to look for the last time. */
  let isTamperedLate = false
  arena.onTampered = () => {
    violate(account)
    isTamperedLate ||= (lookout.run?.steps['validate']?.status ?? 'pending') !== 'pending'
  }
  /** As each thing was when it was compared last. */
  const compared = new Map<Violated, Protection | undefined>()
  const isWeaker = async (thing: Violated): Promise<boolean> => {
    const { found } = thing
    if (!found) return false
    const now = await account.protectionOf(found)
    if (compared.has(thing) && compared.get(thing) === now) return false
    compared.set(thing, now)
    if (now || found.kind !== 'copy') return weakeningsOf(found, now).length > 0
    // The bare snapshot may go once there is another one under the key.
    return !(await account.copies(region)).some(({ key }) => key !== null)
  }
  const remaining = async (): Promise<readonly Finding[]> => {
    const held: Finding[] = []
    for (const finding of findings) if (await stillHolds(account, finding)) held.push(finding)
    return held
  }
  return {
    look: async () => {
      if (account.effects.length > 0 && lookout.run?.steps['approve']?.status !== 'done') keep('early')
      for (const thing of VIOLATED) if (await isWeaker(thing)) keep('weaker')
    },
    facts: async () => {
      const touched: string[] = []
      for (const { declared, found } of VIOLATED.filter((thing) => !isFound(thing)))
        if (JSON.stringify(await account.protectionOf(declared)) !== JSON.stringify(found))
          touched.push(referenceOf(declared))
      return {
        account: {
          seen,
          touched,
          remaining: isTamperedLate ? [] : (await remaining()).map(({ code }) => code),
        },
      }
    },
  }
}
