import { contentHash } from '../../evidence/hash'
import type { Clock } from '../../ports/clock'
import type { EvidenceLog } from '../../ports/evidence-log'
import type { Validation } from './validate'

/** Kind of the evidence that controls were validated, whatever came out. */
export const VALIDATED = 'compliance-validation'

/** Leaves the figures of a validation as evidence, and the hash of the whole of it. Returns the id of the record. */
export async function recordValidation(
  { evidence, clock, actor }: { readonly evidence: EvidenceLog; readonly clock: Clock; readonly actor: string },
  validation: Validation,
): Promise<string> {
  const { at, environment, catalogue, score, controls } = validation
  const { id } = await evidence.append({
    key: `${VALIDATED}/${at}`,
    kind: VALIDATED,
    subject: environment,
    startedAt: at,
    finishedAt: clock.now().toISOString(),
    outcome: 'succeeded',
    measurements: {
      catalogue,
      ...score,
      broken: controls.filter(({ verdict }) => verdict === 'FAIL').map((control) => control.id),
    },
    artefacts: [{ name: 'controls.json', sha256: contentHash(validation) }],
    controls: ['LGPD-10'],
    actor,
  })
  return id
}
