import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { complianceSeen, type ComplianceSeen } from '../../core/compliance/validation/compliance-after'
import { keepPosture, keptPostures } from '../../core/compliance/validation/kept-posture'
import { recordValidation } from '../../core/compliance/validation/record-validation'
import { validateCompliance } from '../../core/compliance/validation/validate'
import { verifyEvidence } from '../../core/evidence'
import type { EvidenceRecord } from '../../core/evidence/record'
import { recordsIn } from '../../core/evidence/records'
import type { Policy } from '../../core/policy'
import { hasRecoveryRegion } from '../../core/policy/two-regions'
import { namePrefix } from '../../core/policy/names'
import type { RegionRole } from '../../core/compliance/validation/evidence-at-hand'
import { isPortError } from '../../core/ports/errors'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { declaredStacks } from './compliance/declared-stacks'
import { setting, type AwsEnvironment } from './environment'
import { KmsSigner } from './kms-signer'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'
import { S3WriteOnceStore } from './s3-write-once-store'

/** What one run came to. */
export interface ValidatedHere {
  readonly region: string
  /** Whether the templates of the region are other ones than those kept last. */
  readonly posture: 'kept' | 'unchanged' | 'nothing-stands'
  /** Left out in a region that sees its own half alone. */
  readonly compliance?: ComplianceSeen & { readonly controls: number; readonly unseen: readonly RegionRole[] }
}

/**
 * Keeps what the function's own region was deployed with, and where evidence of every region arrives, validates every control:
 * by the records and the templates in its own bucket, so that it needs no other region.
 */
export function complianceValidation(environment: AwsEnvironment): () => Promise<ValidatedHere> {
  const world = ownWorld(environment)
  const { policy, region } = world
  const store = new S3WriteOnceStore(new S3Client(clientSettings(region)), setting(environment, 'evidenceBucket'))
  const cloudFormation = new CloudFormationClient(clientSettings(region))
  const signer = new KmsSigner(new KMSClient(clientSettings(region)), setting(environment, 'evidenceKey'))
  const evidence = ownEvidence(environment, world, 'compliance-validation')
  return async () => {
    const now = systemClock.now()
    const own = await declaredStacks(cloudFormation, region, `${namePrefix(policy)}-`)
    const posture = await keepPosture(store, region, own, now)
    if (!seesAll(policy, region)) return { region, posture }
    await keepWitness(policy, store, now)
    const [{ stacks, unseen }, records] = await Promise.all([
      keptPostures(store, regionsByRole(policy)),
      collect(recordsIn(store)),
    ])
    const publicKey = await signer.publicKey()
    const { verdict: chain } = await verifyEvidence({
      copies: [{ name: region, store }],
      keys: [{ region, keyId: signer.keyId, publicKey }],
    })
    const validation = validateCompliance({ policy, now, stacks, unseen, records, chain })
    await recordValidation({ evidence, clock: systemClock, actor: 'compliance-validation' }, validation)
    return {
      region,
      posture,
      compliance: { ...complianceSeen(validation), controls: validation.score.controls, unseen },
    }
  }
}

/** What stands in the witness, as far as it answers; else what it said last counts. */
async function keepWitness(policy: Policy, store: S3WriteOnceStore, now: Date): Promise<void> {
  const { witness } = regionsByRole(policy)
  if (witness === undefined) return
  const client = new CloudFormationClient(clientSettings(witness, { attempts: 1 }))
  try {
    await keepPosture(store, witness, await declaredStacks(client, witness, `${namePrefix(policy)}-`), now)
  } catch (error) {
    if (!isPortError(error)) throw error
  }
}

/** Evidence goes one way, so that the primary region sees its own half alone. */
const seesAll = (policy: Policy, region: string): boolean =>
  !hasRecoveryRegion(policy) || region === policy.topology.regions.recovery

const regionsByRole = ({ topology }: Policy): Partial<Record<RegionRole, string>> => topology.regions

async function collect(records: AsyncIterable<EvidenceRecord>): Promise<EvidenceRecord[]> {
  const all: EvidenceRecord[] = []
  for await (const record of records) all.push(record)
  return all
}
