import type { EvidenceRecord } from '../../evidence/record'
import type { Policy } from '../../policy'
import type { StackTemplate } from '../../posture/assembly'

export type RegionRole = 'primary' | 'recovery' | 'witness'

/** What a validation judges by; nothing else is asked, so that the same evidence always comes to the same verdicts. */
export interface EvidenceAtHand {
  readonly policy: Policy
  readonly now: Date
  /** The synthesized templates of the environment; undefined where none are at hand. */
  readonly stacks: readonly StackTemplate[] | undefined
  /** Regions whose templates are not among them, since nobody could read them. @default none */
  readonly unseen?: readonly RegionRole[]
  /** Records of the environment. */
  readonly records: readonly EvidenceRecord[]
  /** What the verification of the chain said. Records of evidence that was changed prove nothing. */
  readonly chain: 'pass' | 'fail' | 'inconclusive'
}

const DAY_MS = 86_400_000

/** The newest record that a question is about. */
export const newest = (
  { records }: Pick<EvidenceAtHand, 'records'>,
  isAbout: (record: EvidenceRecord) => boolean,
): EvidenceRecord | undefined =>
  records
    .filter(isAbout)
    .reduce<EvidenceRecord | undefined>(
      (known, record) => (known && known.finishedAt >= record.finishedAt ? known : record),
      undefined,
    )

/** Days since a record was made; one of the future counts as made now, since clocks differ a little. */
export const ageDays = ({ finishedAt }: Pick<EvidenceRecord, 'finishedAt'>, now: Date): number =>
  Math.max(0, (now.getTime() - Date.parse(finishedAt)) / DAY_MS)
