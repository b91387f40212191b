import { kindOf } from '../../compliance/finding-kinds'
import { appendRevision, type ProcedureRevision } from '../../compliance/procedure-revisions'
import { usual, type RemediationStep } from './input'
import { planned } from './plan'

/** The procedure says what has happened to it: one revision for each section that a violation touched. */
export const updateProcedure: RemediationStep = {
  ...usual,
  id: 'update-procedure',
  title: 'Record the revision of the procedure',
  byHand:
    'Add to the sections that the findings touch: what was found, by which run, and when. Give each entry the next number.',
  privilege: 'report',
  begin: async (context) => {
    const { ports, input, runId, run } = context
    const codes = new Set(planned(context).map(({ code }) => code))
    const revisions: ProcedureRevision[] = []
    for (const section of new Set([...codes].map((code) => kindOf(code).section)))
      revisions.push(
        await appendRevision(ports.coordination.recovery, {
          version: input.procedureVersion,
          section,
          findings: [...codes].filter((code) => kindOf(code).section === section),
          run: runId,
          // When the run began: the same entry however often it is tried.
          at: run.startedAt,
        }),
      )
    return { kind: 'done', output: { revisions: revisions.map(({ number }) => number) } }
  },
  preview: async (context) => ({
    wouldRevise: [...new Set(planned(context).map(({ code }) => kindOf(code).section))],
  }),
  undo: { none: 'a revision records what happened' },
}
