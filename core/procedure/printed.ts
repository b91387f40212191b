import type { Runbook, Step } from '../runbook/model'
import { isStarted } from '../runbook/starts'
import { isExecutable, RUNBOOKS, type ExecutableRunbook } from '../runbook/runbooks'
import { BY_HAND, type ByHand } from './by-hand'

/** One step as a person reads it before acting. */
export interface PrintedStep extends ByHand {
  readonly id: string
  readonly title: string
  readonly byHand: string
  readonly privilege: string
  readonly approval: string
  readonly onFailure: string
  readonly undo: string
  readonly pointOfNoReturn: boolean
  readonly endsMilestone: string | null
}

/** A runbook as a procedure for people, from the same data that machines run. */
export interface Procedure {
  readonly name: ExecutableRunbook
  readonly title: string
  readonly purpose: string
  readonly whenNotToUse: readonly string[]
  /** Whether a person can have a machine do it, by a command. */
  readonly isStarted: boolean
  readonly steps: readonly PrintedStep[]
}

/** Throws where a step is not told to people: a test reads every procedure. */
function print({ steps, ...about }: Runbook<never>): Procedure {
  if (!isExecutable(about.name)) throw new Error(`'${about.name}' is not in the registry of runbooks`)
  const told = BY_HAND[about.name]
  const noReturn = steps.findIndex(({ undo }) => 'pointOfNoReturn' in undo)
  return {
    name: about.name,
    title: about.title,
    purpose: about.purpose,
    whenNotToUse: about.whenNotToUse,
    isStarted: isStarted(about.name),
    steps: steps.map((step, at) => {
      const byHand = told[step.id]
      if (!byHand) throw new Error(`core/procedure/by-hand does not tell how '${step.id}' of '${about.name}' is done`)
      return { ...printStep(step, noReturn >= 0 && at >= noReturn), ...byHand }
    }),
  }
}

const printStep = (step: Step<never>, onlyForward: boolean): Omit<PrintedStep, keyof ByHand> => ({
  id: step.id,
  title: step.title,
  byHand: step.byHand,
  privilege: step.privilege,
  approval: approvalOf(step),
  onFailure: failureOf(step, onlyForward),
  undo: 'run' in step.undo ? step.undo.title : undoLess(step.undo),
  pointOfNoReturn: 'pointOfNoReturn' in step.undo,
  endsMilestone: step.milestone ?? null,
})

function approvalOf(step: Step<never>): string {
  const asked = step.approval ? ['a second person, unless the policy lets it run automatically'] : []
  return [...asked, ...(step.mayAsk ? [step.mayAsk] : [])].join('; ') || 'none'
}

function failureOf(step: Step<never>, onlyForward: boolean): string {
  const tries = `up to ${step.attempts} attempts`
  if (step.always) return `${tries}; runs at the end whatever happened before`
  if (step.onFailure === 'continue') return `${tries}, then go on`
  return `${tries}, then stop ${onlyForward ? 'without undo: go forward by hand' : 'and undo what can be undone'}`
}

const undoLess = (undo: { readonly none: string; readonly pointOfNoReturn?: true }): string =>
  undo.pointOfNoReturn ? `none, point of no return: ${undo.none}` : `none: ${undo.none}`

/** Every runbook there is, as procedures. */
export const PROCEDURES: readonly Procedure[] = Object.values(RUNBOOKS).map(print)
