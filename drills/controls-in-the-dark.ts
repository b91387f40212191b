import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { validateFolders } from '../adapters/local/folder-controls'
import { complianceAfter, complianceSeen, type ComplianceSeen } from '../core/compliance/validation/compliance-after'
import { recordValidation } from '../core/compliance/validation/record-validation'
import type { Validation } from '../core/compliance/validation/validate'
import { atMost, exactly, type Objective } from '../core/measurement'
import type { Json } from '../core/json'
import type { Stage } from './stage'
import type { Strike } from './strike'
import { synthesizeInto } from './synthesis'

/** Where the templates of the production environment are from. */
export interface ControlsOptions {
  /** What `cdk synth` wrote for production. @default synthesized anew */
  readonly assembly?: string
  readonly preset?: string
}

/** A validation of all controls by what the recovery region holds, and what it is compared with. */
export interface ControlsBeforehand {
  /** Validates again while the primary region is dark. `struck` is when it went dark. */
  inTheDark(struck: Strike): Promise<ValidatedInTheDark>
}

export interface ValidatedInTheDark {
  readonly objectives: readonly Objective[]
  /** From the fault to the end of the validation; left out where it did not find what held before. */
  readonly validatedSeconds?: number
  readonly measurements: Readonly<Record<string, Json>>
}

/**
 * Keeps the templates in the recovery region, as they are kept there in AWS, and validates once while nothing is wrong. What the
 * primary region holds is asked for nothing: evidence is replicated, and its folder stands for the bucket of the recovery region.
 */
export async function controlsBeforehand(stage: Stage, options: ControlsOptions): Promise<ControlsBeforehand> {
  const { world, size, say, evidence, ports } = stage
  const { policy, folder } = size
  const kept = join(world.folder, world.plan.regions.recovery, 'posture')
  if (options.assembly !== undefined) await cp(options.assembly, kept, { recursive: true })
  else {
    say('synthesizing the stacks')
    await synthesizeInto(kept, policy.environment, options.preset)
  }
  const validate = (): Promise<Validation> => validateFolders({ policy, folder, assembly: kept })
  const before = complianceSeen(await validate())
  return {
    inTheDark: async (struck) => {
      say('validating compliance in the recovery region')
      const validation = await validate()
      const seconds = (ports.clock.now().getTime() - Date.parse(struck.at)) / 1000
      await recordValidation({ evidence: evidence.chain, clock: ports.clock, actor: 'drill' }, validation)
      return judge(stage, before, complianceSeen(validation), seconds)
    },
  }
}

function judge({ size }: Stage, before: ComplianceSeen, after: ComplianceSeen, seconds: number): ValidatedInTheDark {
  const { verdict, newlyBroken, noLongerSeen } = complianceAfter(before, after)
  return {
    objectives: [
      exactly('compliance after the move, beside that of before', 'pass', verdict),
      atMost(
        'RTO of compliance validation, seconds',
        size.policy.objectives.rto.complianceValidationMinutes * 60,
        seconds,
      ),
    ],
    ...(verdict === 'pass' && { validatedSeconds: seconds }),
    measurements: {
      controlsCatalogue: after.catalogue,
      controlsDecided: after.decidedByMachine,
      controlsHeld: after.held.length,
      controlsBroken: [...after.broken],
      controlsNewlyBroken: [...newlyBroken],
      controlsNoLongerSeen: [...noLongerSeen],
    },
  }
}
