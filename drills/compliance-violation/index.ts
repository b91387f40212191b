import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAssembly } from '../../adapters/local/assembly-folder'
import { systemClock } from '../../adapters/local/clock'
import { localOperator } from '../../adapters/local/operator'
import { MemoryAccount } from '../../adapters/memory/account'
import { declaredAt, keysOfCopies } from '../../core/compliance/declared'
import { findViolations } from '../../core/compliance/find'
import type { FindingCode } from '../../core/compliance/finding-kinds'
import type { DrillResult } from '../../core/measurement'
import type { TwoRegionPolicy } from '../../core/policy'
import type { Reporter } from '../../core/ports/reporter'
import { weakenings } from '../../core/posture/diff'
import { openDrillEvidence } from '../drill-evidence'
import { synthesizeInto } from '../synthesis'
import { conclude } from './conclusion'
import { namedBy, watch } from './detection'
import { acknowledged, actor } from './people'
import { chooseThings, plantInAccount, plantInTemplates } from './planted-violations'
import { remedy } from './remediation'

export interface ComplianceViolationOptions {
  readonly policy: TwoRegionPolicy
  readonly violations: readonly FindingCode[]
  /** Folder of evidence, keys, reports, and of what operators share. */
  readonly folder: string
  /** @default synthesized anew */
  readonly assembly?: string
  /** Preset that the synthesis is made with. */
  readonly preset?: string
}

/** How long AWS takes to copy a snapshot depends on its size; here it only has to take a while. */
const COPY_SECONDS = 2

/**
 * Plants violations in real templates and in an account that stands as they declare, and judges that each is named by the
 * comparison of postures, found in the account, remedied and validated in time, and that the procedure and the people learn of it.
 */
export async function complianceViolation(
  options: ComplianceViolationOptions,
  reporter: Reporter,
  compare: typeof weakenings = weakenings,
): Promise<DrillResult> {
  const { policy, violations, folder } = options
  const runId = `drill-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const startedAt = new Date().toISOString()
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })
  const scratch = await mkdtemp(join(tmpdir(), 'neonpro-compliance-'))
  try {
    const assembly = options.assembly ?? join(scratch, 'declared')
    if (options.assembly === undefined) {
      say('synthesizing the stacks')
      await synthesizeInto(assembly, policy.environment, options.preset)
    }
    const evidence = await openDrillEvidence(folder, policy.topology.regions.recovery, policy, systemClock)
    const declared = await readAssembly(assembly)
    const things = declaredAt(declared)
    const keys = keysOfCopies(declared)
    const planted = chooseThings(violations, things)

    say(`planting ${planted.length} violations in a copy of the templates`)
    const changed = join(scratch, 'changed')
    await plantInTemplates(assembly, changed, planted)
    const named = namedBy(compare(declared, await readAssembly(changed)), planted)

    const account = new MemoryAccount(systemClock, COPY_SECONDS)
    for (const one of things) account.put(one.declared)
    const scan = () =>
      findViolations(
        account,
        things.map((one) => one.declared),
        keys,
      )
    const before = await scan()

    say(`planting ${planted.length} violations in the account`)
    const plantedAt = systemClock.now()
    plantInAccount(account, planted, keys)
    const found = await watch(scan, planted, policy.rehearsal.pace.detection, systemClock)
    const detectSeconds = (systemClock.now().getTime() - plantedAt.getTime()) / 1000
    say(`${found.length} violations found`)

    const operator = await localOperator(folder, policy, actor('operator'))
    const remedying = { policy, runId, account, operator, evidence: evidence.chain, reporter }
    // Nothing to remedy: the drill has failed, and says so.
    const remedied = found.length > 0 ? await remedy(remedying, found) : undefined
    const left = await scan()

    say('acknowledging the training')
    const open = await acknowledged(operator, runId)
    return await conclude(
      { options, operator, evidence, runId, startedAt },
      {
        planted,
        named,
        before,
        found,
        left,
        plantedAt,
        detectSeconds,
        ...(remedied && { remedied }),
        open,
        lookedAt: things.length,
      },
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
