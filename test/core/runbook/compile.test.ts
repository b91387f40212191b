import { compile } from '../../../core/runbook/compile'
import { historyBound, inWholeSeconds, MAX_HISTORY_EVENTS } from '../../../core/runbook/history-bound'
import type { Privilege } from '../../../core/runbook/model'
import { newRun } from '../../../core/runbook/reducer'
import { regionFailover } from '../../../core/runbook/region-failover'
import { failover } from './failover'

const arn = (name: string): string => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`
const functionArns: Partial<Record<Privilege, string>> = {
  observe: arn('observe'),
  fence: arn('fence'),
  promote: arn('promote'),
  database: arn('database'),
  'switch-traffic': arn('switch-traffic'),
  application: arn('application'),
  report: arn('report'),
}
const { input } = failover()

interface Definition {
  StartAt: string
  States: Record<string, { Type: string; Resource?: string }>
}
const compiled = compile(regionFailover, { functionArns, input }) as unknown as Definition

// The validator is loaded as CommonJS and carries no types.
const validate = (definition: unknown): { isValid: boolean; errorsText(): string } =>
  (require('asl-validator') as (definition: unknown) => { isValid: boolean; errorsText(): string })(definition)

describe('a compiled runbook', () => {
  it('is valid Amazon States Language, and the validator would notice if it were not', () => {
    const { isValid, errorsText } = validate(compiled)
    expect(isValid ? '' : errorsText()).toBe('')
    expect(validate({ ...compiled, StartAt: 'nowhere' }).isValid).toBe(false)
  })

  it('shows one task per step and per undo, each in the function of its privilege', () => {
    const tasks = Object.entries(compiled.States).filter(([, { Type }]) => Type === 'Task')
    expect(tasks.map(([title, { Resource }]) => [title, Resource])).toEqual([
      ...regionFailover.steps.map(({ title, privilege }) => [title, functionArns[privilege]]),
      ...regionFailover.steps.flatMap(({ title, undo, privilege }) =>
        'run' in undo ? [[`Undo: ${title}`, functionArns[privilege]]] : [],
      ),
    ])
    expect(compiled.StartAt).toBe(regionFailover.steps[0]?.title)
  })

  it('keeps to the limits of Step Functions: JSONPath, names of at most 80 characters', () => {
    expect(JSON.stringify(compiled)).not.toContain('JSONata')
    expect(Object.keys(compiled.States).filter((name) => name.length > 80)).toEqual([])
  })

  it('is refused when a title is too long for a state name', () => {
    const [first, ...others] = regionFailover.steps
    const long = { ...regionFailover, steps: [{ ...first!, title: 'x'.repeat(75) }, ...others] }
    expect(() => compile(long, { functionArns, input })).toThrow(/longer than 80 characters/)
  })

  it('stays within the bound of the history at the pace of the policy', () => {
    expect(historyBound(regionFailover, input)).toBeLessThan(MAX_HISTORY_EVENTS)
  })

  it('is refused when a wait could outgrow the history', () => {
    const long = { ...input, timeouts: { ...input.timeouts, promoteSeconds: 86_400 } }
    expect(() => compile(regionFailover, { functionArns, input: long })).toThrow(/history events, fewer than 20000/)
  })

  it('rounds waits up to whole seconds, because Step Functions knows no others', () => {
    const state = newRun(regionFailover, failover(), new Date(0))
    const waiting = { ...state, cursor: { ...state.cursor, waitSeconds: 0.05 } }
    expect(inWholeSeconds(waiting).cursor.waitSeconds).toBe(1)
    expect(inWholeSeconds(state).cursor.waitSeconds).toBe(0)
  })
})
