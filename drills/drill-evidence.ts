import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FolderWriteOnceStore } from '../adapters/local/folder-write-once-store'
import { KeyFileSigner } from '../adapters/local/key-file-signer'
import { sharedFolderStore } from '../adapters/local/shared-folder-store'
import { openOnce } from '../core/calendar/once'
import { ownersOf } from '../core/drills/close-drill'
import { lessonsActivity, lessonsDue } from '../core/drills/held-drills'
import { lessonsTemplate } from '../core/drills/lessons'
import { contentHash, EvidenceChain, writeCheckpoint } from '../core/evidence'
import { objectivesInRecord, type DrillResult, type Objective } from '../core/measurement'
import type { Policy } from '../core/policy'
import type { Clock } from '../core/ports/clock'
import type { EvidenceDraft } from '../core/ports/evidence-log'

const OUTCOMES = { pass: 'succeeded', fail: 'failed', inconclusive: 'inconclusive' } as const

/** The evidence of drills: one chain in a folder, continued by each drill. */
export interface DrillEvidence {
  readonly chain: EvidenceChain
  readonly policyHash: string
  /**
   * Appends the drill's own record, with every objective one by one, and covers it by a signed checkpoint. Leaves the drill
   * open: a task waits for its lessons, and a file to fill them in lies beside the reports.
   */
  record(
    verdict: DrillResult['verdict'],
    objectives: readonly Objective[],
    draft: Omit<EvidenceDraft, 'kind' | 'outcome' | 'actor' | 'finishedAt'>,
  ): Promise<{ readonly id: string; readonly sequence: number; readonly hash: string }>
  /** What closes a drill that is being recorded now. */
  lessons(drill: string): NonNullable<DrillResult['lessons']>
}

/** Opens the chain and the signing key of the region in the folder, and makes them where there are none yet. */
export async function openDrillEvidence(
  folder: string,
  region: string,
  policy: Policy,
  clock: Clock,
): Promise<DrillEvidence> {
  const store = new FolderWriteOnceStore(join(folder, 'evidence'))
  const signer = await KeyFileSigner.open(join(folder, 'keys'), region)
  const policyHash = contentHash(policy)
  const chain = new EvidenceChain(store, { region, writer: 'drill', environment: policy.environment, policyHash })
  const template = (drill: string) => join(folder, 'reports', `${drill}-lessons.json`)
  return {
    chain,
    policyHash,
    lessons: (drill) => ({
      drill,
      template: template(drill),
      dueOn: lessonsDue(policy, clock.now()).toISOString().slice(0, 10),
    }),
    record: async (verdict, objectives, draft) => {
      const finishedAt = clock.now().toISOString()
      const record = await chain.append({
        ...draft,
        measurements: {
          ...draft.measurements,
          missed: objectives.filter(({ met }) => !met).length,
          objectives: objectivesInRecord(objectives),
        },
        kind: 'drill',
        outcome: OUTCOMES[verdict],
        actor: 'drill',
        finishedAt,
      })
      await writeCheckpoint({ store, signer, clock, chain, others: [], reason: 'runbook' })
      const drill = draft.key
      await openOnce(await sharedFolderStore(join(folder, 'coordination', 'recovery')), {
        activity: lessonsActivity(drill),
        owner: policy.documentControl.owner,
        dueAt: lessonsDue(policy, new Date(finishedAt)),
      })
      await mkdir(join(folder, 'reports'), { recursive: true })
      await writeFile(template(drill), lessonsTemplate(drill, ownersOf(policy)))
      return record
    },
  }
}
