import { VirtualClock } from '../../adapters/memory/clock'
import { PRIMARY } from '../../adapters/memory/world'
import { refused } from '../../cli/operator'
import { watchRollback } from '../../cli/watch-rollback'
import type { Json } from '../../core/json'
import { isPortError, PortError } from '../../core/ports/errors'
import { rollback } from '../../core/runbook/rollback'
import { resolveRollback } from '../../core/runbook/rollback/resolve'
import type { RunStatus } from '../../core/runbook/run-desk'
import { ENVIRONMENTS, resolvePolicy } from '../../policy'

/** What the desk tells of a run, or why it tells nothing, from which minute on. */
type Course = readonly (readonly [fromMinute: number, tells: Told | PortError])[]
type Told = Pick<RunStatus, 'outcome' | 'steps'>

const RESULT = { run: 'run-1', outcome: 'succeeded' }
const AWAY = new PortError('unreachable', 'DESK_UNREACHABLE', 'the desk did not answer')
const BUSY = new PortError('throttled', 'TOO_MANY', 'the desk is asked too often')
const DENIED = new PortError('denied', 'ROLE_DENIED', 'an auditor may not see runs')

/** A run with these steps, each as `<step> <status>`. */
const told = (outcome: Told['outcome'], ...steps: readonly string[]): Told => ({
  outcome,
  steps: steps.map((text) => {
    const [step = '', status = ''] = text.split(' ')
    return { step, status }
  }),
})
const ENDED = told('succeeded', 'assess done', 'put-back done')

let clock: VirtualClock
let said: string[]
beforeEach(() => {
  clock = new VirtualClock()
  said = []
})
/** No course here is as long; what watches on for ever then fails instead of hanging, since virtual time never yields. */
const DAY_MINUTES = 24 * 60
const minutes = () => clock.monotonicMs() / 60_000

/** Watches a run that takes this course; each question takes the desk a second. */
const watch = (course: Course): Promise<Json> =>
  watchRollback('run-1', {
    clock,
    reporter: { emit: ({ code, text }) => void said.push(code === 'RUNBOOK_STEP' ? text : code) },
    ask: (call) =>
      refused(async () => {
        await clock.sleep(1_000)
        if (minutes() > DAY_MINUTES) throw new Error('it was watched for a day')
        const [, tells] = course.findLast(([from]) => from <= minutes())!
        if (isPortError(tells)) throw tells
        return call.operation === 'rollback-result' ? RESULT : { ...tells }
      }),
  })

describe('a run that moves', () => {
  it('is followed to its end, however long that takes, and each move is told once', async () => {
    const course: Course = [
      [0, told('running', 'assess running')],
      [19, told('running', 'assess done', 'put-back running')],
      [38, told('running', 'assess done', 'put-back polling')],
      [57, ENDED],
    ]
    expect(await watch(course)).toEqual(RESULT)
    expect(said).toEqual([
      'assess: running',
      'assess: done',
      'put-back: running',
      'put-back: polling',
      'put-back: done',
    ])
  })

  it.each([...ENVIRONMENTS])('is left every second that the policy gives a step of %s', async (environment) => {
    const input = resolveRollback(resolvePolicy(environment), {
      incidentId: 'incident-1',
      reasonCode: 'RELEASE_ILL',
      wanted: { type: 'full' },
      writer: PRIMARY,
    })
    const longest = Math.max(...rollback.steps.map(({ timeoutSeconds }) => timeoutSeconds(input)))
    const course: Course = [
      [0, told('running', 'put-back polling')],
      [longest / 60, ENDED],
    ]
    expect(await watch(course)).toEqual(RESULT)
  })
})

describe('a run that stands still', () => {
  const still = {
    code: 'RUN_STANDS_STILL',
    message: expect.stringContaining("'run-1' has not moved for 20 minutes") as string,
    resolution: expect.stringContaining('run the same command again with the same --apply') as string,
  }

  it('is given up 20 minutes after its last move, with how to drive it on', async () => {
    const course: Course = [
      [0, told('running', 'assess running')],
      [15, told('running', 'assess done', 'put-back running')],
    ]
    await expect(watch(course)).rejects.toMatchObject(still)
    expect(minutes()).toBeCloseTo(35, 0)
  })

  const asked = told('running', 'assess done', 'approve awaiting-approval')
  const answered = told('running', 'assess done', 'approve done')

  it('is never given up while it waits for a person', async () => {
    const course: Course = [
      [0, asked],
      [5 * 60, answered],
      [5 * 60 + 10, ENDED],
    ]
    expect(await watch(course)).toEqual(RESULT)
    expect(minutes()).toBeCloseTo(5 * 60 + 10, 0)
  })

  it('is given up 20 minutes after a person has answered it', async () => {
    const course: Course = [
      [0, asked],
      [5 * 60, answered],
    ]
    await expect(watch(course)).rejects.toMatchObject(still)
    expect(minutes()).toBeCloseTo(5 * 60 + 20, 0)
  })
})

describe('a desk that gives no answer', () => {
  const running = told('running', 'put-back polling')

  it.each<[string, Course]>([
    [
      'is away for less than two minutes',
      [
        [0, running],
        [1, AWAY],
        [2.9, running],
        [4, ENDED],
      ],
    ],
    [
      'is away twice, for less than two minutes each time',
      [
        [0, AWAY],
        [1.9, running],
        [2, AWAY],
        [3.9, ENDED],
      ],
    ],
    [
      'is asked too often',
      [
        [0, BUSY],
        [1, ENDED],
      ],
    ],
    // The second question is answered in the second second.
    [
      'is away when it is asked for the result',
      [
        [0, ENDED],
        [1.5 / 60, AWAY],
        [1, ENDED],
      ],
    ],
  ])('is asked again where it %s', async (_, course) => {
    expect(await watch(course)).toEqual(RESULT)
    expect(said).toContain('DESK_AWAY')
    expect(minutes()).toBeGreaterThan(course.at(-1)![0])
  })

  it('is given up once it has been away for two minutes, with its own error', async () => {
    const course: Course = [
      [0, running],
      [1, AWAY],
    ]
    await expect(watch(course)).rejects.toMatchObject({
      code: 'DESK_UNREACHABLE',
      resolution: expect.stringContaining('try again'),
    })
    expect(minutes()).toBeCloseTo(3, 0)
  })

  it('is not asked again where it refuses', async () => {
    await expect(watch([[0, DENIED]])).rejects.toMatchObject({ code: 'ROLE_DENIED' })
    expect(said).toEqual([])
  })
})
