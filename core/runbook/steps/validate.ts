import type { InstanceRef } from '../../ports/database'
import type { BaseInput, Step, StepContext } from '../model'
import { ordinary } from './input'

/** What has to be known of the database whose content is judged. */
interface ContentInput extends BaseInput {
  readonly successor: InstanceRef
  readonly pollEverySeconds: number
  readonly timeouts: { readonly validateSeconds: number }
}

/** What a person does in its place, and what is asked where nobody could tell. */
interface Told {
  readonly byHand: string
  readonly question: string
  /**
   * Where people have answered for the whole run before, and nothing waits for their word: what could not be judged is told as
   * that, and never as a pass. @default they are asked
   */
  readonly unless?: { readonly told: string; holds(outputs: Outputs): boolean }
}

type Outputs = StepContext<ContentInput>['outputs']

/** Judges the content. What could not be judged is a question to a person, never a pass. */
export const validateContent = ({ byHand, question, unless }: Told): Step<ContentInput> => ({
  ...ordinary,
  pollEverySeconds: (input) => input.pollEverySeconds,
  id: 'validate',
  title: 'Validate the data',
  byHand,
  privilege: 'database',
  mayAsk: `a second person, when a check could not be judged${unless ? `, unless ${unless.told}` : ''}`,
  timeoutSeconds: (input) => input.timeouts.validateSeconds,
  begin: async ({ ports, input, approvedBy, outputs }) => {
    const { verdict, checks } = await ports.database.validate(input.successor)
    const output = {
      verdict,
      checks: checks.map((check) => `${check.name}:${check.verdict}`),
      acceptedBy: approvedBy?.length ?? 0,
    }
    if (verdict === 'pass') return { kind: 'done', output }
    if (verdict === 'fail') return { kind: 'failed', code: 'DATA_INVALID', detail: output }
    if (approvedBy || unless?.holds(outputs)) return { kind: 'done', output }
    return { kind: 'ask', approval: { kind: 'second-person', question } }
  },
  preview: async ({ ports, input }) => ({ verdict: (await ports.database.validate(input.successor)).verdict }),
  undo: { none: 'it changes nothing' },
  milestone: 'dataRecovery',
})

/** Before anybody enters. */
export const validate = validateContent({
  byHand:
    'Compare fingerprint, counts, constraints and sequences with the stored baseline, and run amcheck. Do not open on a failed check.',
  question: 'The data could not be judged completely. Open anyway?',
})
