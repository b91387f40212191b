import type { MemoryWorld, WorldSettings } from '../../../../adapters/memory/world'
import { answerApproval } from '../../../../core/coordination/approvals'
import type { BaseInput, Runbook } from '../../../../core/runbook/model'
import type { NewRun } from '../../../../core/runbook/reducer'

/** One course that a run can take, and where it ends. */
export interface Scenario {
  readonly name: string
  readonly prepare?: (around: MemoryWorld) => Promise<void> | void
  /** What of the ordinary run is different. */
  readonly run?: Partial<Omit<NewRun<BaseInput>, 'input'>> & { readonly input?: object }
  readonly world?: Partial<WorldSettings>
  /** `succeeded`, or the step and the code that it stopped by. */
  readonly ends: string
}

/** A runbook, the world in which it has something to do, and the courses that it can take. */
export interface Rehearsal {
  readonly runbook: Runbook<BaseInput>
  world(settings?: Partial<WorldSettings>): Promise<MemoryWorld>
  /** An ordinary run, by somebody who is not the one who approves. */
  run(): NewRun<BaseInput>
  /** At least: success, each class of failure, each outcome of each approval. */
  readonly scenarios: readonly Scenario[]
  /** Courses in which the driver may die at any call and the end is the same. */
  readonly crashes: readonly Scenario[]
}

/** The run of a scenario. */
export function runOf(rehearsal: Rehearsal, scenario: Scenario): NewRun<BaseInput> {
  const ordinary = rehearsal.run()
  return { ...ordinary, ...scenario.run, input: { ...ordinary.input, ...scenario.run?.input } }
}

/** The world of a scenario, as it is before the run. */
export async function worldOf(rehearsal: Rehearsal, scenario: Scenario): Promise<MemoryWorld> {
  const around = await rehearsal.world(scenario.world)
  await scenario.prepare?.(around)
  return around
}

/** A call that fails as often as said. */
export const failing =
  (call: string, fault: 'throttled' | 'denied', times = Infinity) =>
  (around: MemoryWorld): void => {
    let left = times
    around.recorder.faultOf = (made) => (made === call && left-- > 0 ? fault : undefined)
  }

/** People who answer whatever is asked while the run waits. */
export const answered =
  (approve: boolean, people: readonly string[] = ['ana']) =>
  (around: MemoryWorld): void => {
    const sleep = around.clock.sleep.bind(around.clock)
    around.clock.sleep = async (ms) => {
      await sleep(ms)
      for await (const { key } of around.stores.recovery.list('approvals/')) {
        const question = key.slice('approvals/'.length)
        for (const by of people)
          await answerApproval(around.stores.recovery, question, { by, approve }, around.clock.now()).catch(() => {})
      }
    }
  }

const MANUAL = { input: { operation: 'approval' } }
export const DRY: Scenario = { name: 'a dry run', run: { mode: 'dry-run' }, ends: 'succeeded' }

/** The three answers that people give to a step that asks a second person. */
export const approvals = (step: string): readonly Scenario[] => [
  { name: 'an approval', prepare: answered(true), run: MANUAL, ends: 'succeeded' },
  { name: 'a declined approval', prepare: answered(false), run: MANUAL, ends: `${step} APPROVAL_DECLINED` },
  { name: 'an expired approval', run: MANUAL, ends: `${step} APPROVAL_EXPIRED` },
]

/** What any application that is brought up can do to a run. */
export const APPLICATION: readonly Scenario[] = [
  { name: 'an application that takes its time', world: { applicationStartSeconds: 7 }, ends: 'succeeded' },
  {
    name: 'an application that never gets well',
    prepare: (around) => void (around.application.sound = false),
    ends: 'serve TIMEOUT',
  },
]
