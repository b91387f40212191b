import type { MemoryWorld } from '../../../adapters/memory/world'
import { tasks } from '../../../core/calendar/task'
import { markedMoment } from '../../../core/coordination/markers'
import type { Component } from '../../../core/ports/deployments'
import { PortError } from '../../../core/ports/errors'
import type { Release } from '../../../core/release/release'
import { rollbackResultOf } from '../../../core/release/rollback-result'
import { continuationOf } from '../../../core/runbook/continuation'
import { drive } from '../../../core/runbook/engine'
import { MAX_STATE_BYTES } from '../../../core/runbook/model'
import { rollback } from '../../../core/runbook/rollback'
import { answered } from './rehearsals/rehearsal'
import { components, record, release, releasedWorld, rollbackRun, versionsOf } from './released'

const run = (around: MemoryWorld, wanted = rollbackRun()) => drive(rollback, around.ports(), wanted)

async function inForce({ deployments }: MemoryWorld): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {}
  for (const component of deployments.components) found[component.name] = await deployments.inForce(component)
  return found
}

async function onRecord({ stores }: MemoryWorld): Promise<Release[]> {
  const found: Release[] = []
  for await (const { value } of stores.witness.list('releases/')) found.push(value as unknown as Release)
  return found
}

const evidenceOf = (around: MemoryWorld, runId = 'run-1') =>
  around.evidence.get(`${runId}/report`)?.measurements as Record<string, unknown>
const putInOrder = ({ deployments }: MemoryWorld) => deployments.effects.map((effect) => effect.split(' ')[0])

describe('a rollback', () => {
  it('puts every component back in the order of the plan, and records that as a release', async () => {
    const around = await releasedWorld()
    const state = await run(around)
    expect(state.stoppedBy).toBeUndefined()
    expect(await inForce(around)).toEqual(versionsOf('1'))
    expect(putInOrder(around)).toEqual(['stacks', 'settings', 'api', 'assets', 'web', 'schema'])
    expect((await onRecord(around)).at(-1)).toEqual({
      ...release(1),
      sequence: 3,
      recoveryPoint: 'before-run-1',
      actor: 'run-1',
      recordedAt: state.startedAt,
      restores: 1,
    })
    expect(await markedMoment(around.stores, 'before-run-1')).toBeDefined()
  })

  it('records no version of a component that somebody has on its way meanwhile', async () => {
    const around = await releasedWorld()
    const inForceThere = around.deployments.inForce.bind(around.deployments)
    around.deployments.inForce = async (component) =>
      component.name === 'stacks' ? 'under way to stacks-3' : inForceThere(component)
    await run(around, rollbackRun({ type: 'partial', only: ['web'], to: 1 }))
    const { components: recorded } = (await onRecord(around)).at(-1)!
    expect(recorded).toMatchObject({ web: 'web-1', api: 'api-2' })
    expect(recorded).not.toHaveProperty('stacks')
  })

  it('touches no component before the one it depends on serves', async () => {
    const around = await releasedWorld()
    around.deployments.settleSeconds = 20
    const early: string[] = []
    const put = around.deployments.putInForce.bind(around.deployments)
    around.deployments.putInForce = async (component, to, request) => {
      for (const name of component.dependsOn) {
        const needed = components.find((one) => one.name === name)!
        if (needed.kind !== 'migrations' && (await around.deployments.inForce(needed)) !== `${name}-1`) early.push(name)
      }
      await put(component, to, request)
    }
    expect((await run(around)).outcome).toBe('succeeded')
    expect(early).toEqual([])
  })

  it('says in its evidence how long it took against its budget, and lists what had no place', async () => {
    const around = await releasedWorld()
    around.deployments.settleSeconds = 12
    const state = await run(around)
    const { verify } = state.steps
    const seconds = (Date.parse(verify!.finishedAt!) - Date.parse(state.startedAt)) / 1000
    expect(seconds).toBeGreaterThanOrEqual(6 * 12)
    expect(evidenceOf(around)).toMatchObject({
      type: 'full',
      budget: { limitSeconds: 900, seconds, within: true },
      releases: { from: 2, to: 1, recorded: 3 },
      setAside: {
        rows: 3,
        tables: [{ table: 'clinic.notes', rows: 3, how: 'kept', where: 'clinic.notes_2' }],
        more: 0,
      },
      undo: null,
    })
  })

  it('counts the time that people took to approve in the budget, and tells it apart', async () => {
    const around = await releasedWorld()
    const sleep = around.clock.sleep.bind(around.clock)
    let asked = 0
    around.clock.sleep = async (ms) => {
      await sleep(ms)
      asked += ms
      if (asked > 200_000) answered(true)(around)
    }
    await run(around, rollbackRun({ type: 'config-only' }, { operation: 'approval' }))
    const { budget } = evidenceOf(around) as { budget: { seconds: number; approvalSeconds: number; within: boolean } }
    expect(budget.within).toBe(false)
    expect(budget.approvalSeconds).toBeGreaterThan(200)
    expect(budget.seconds).toBeGreaterThanOrEqual(budget.approvalSeconds)
  })

  it('goes all forward again where one component does not get well, says so, and leaves no release', async () => {
    const around = await releasedWorld()
    around.deployments.ill.add('web web-1')
    const state = await run(around)
    expect(state.stoppedBy).toEqual({ step: 'put-back', code: 'COMPONENT_NOT_WELL' })
    expect(await inForce(around)).toEqual(versionsOf('2'))
    expect(evidenceOf(around)).toMatchObject({ undo: 'undone', failed: { component: 'web', putBack: 4 } })
    expect(await onRecord(around)).toHaveLength(2)
    expect(continuationOf(rollback, state)).toMatchObject({ direction: 'start-over', undone: ['put-back'] })
  })

  it('goes all forward again although a place refuses for a while', async () => {
    const around = await releasedWorld()
    const { deployments } = around
    deployments.ill.add('web web-1')
    const putThere = deployments.putInForce.bind(deployments)
    let refusals = 12
    deployments.putInForce = async (component, to, request) => {
      if (component.name === 'api' && to === 'api-2' && refusals-- > 0)
        throw new PortError('throttled', 'TOO_MANY_REQUESTS', 'later')
      await putThere(component, to, request)
    }
    const state = await run(around)
    expect(state.steps['put-back']?.status).toBe('undone')
    expect(await inForce(around)).toEqual(versionsOf('2'))
  })

  it('goes all forward again also where a component stays half way', async () => {
    const around = await releasedWorld()
    const { deployments } = around
    const [inForceThere, putThere] = [deployments.inForce.bind(deployments), deployments.putInForce.bind(deployments)]
    let isHalf = false
    deployments.inForce = async (component) =>
      component.name === 'settings' && isHalf ? 'half on its way to settings-1' : inForceThere(component)
    deployments.putInForce = async (component, to, request) => {
      isHalf = component.name === 'settings' && to === 'settings-1'
      await putThere(component, to, request)
    }
    const state = await run(around)
    expect(state.stoppedBy).toEqual({ step: 'put-back', code: 'COMPONENT_NOT_IN_FORCE' })
    expect(state.steps['put-back']?.status).toBe('undone')
    expect(await inForce(around)).toEqual(versionsOf('2'))
  })

  it('says that it is half done where it cannot go forward either', async () => {
    const around = await releasedWorld()
    around.deployments.ill.add('web web-1')
    around.recorder.faultOf = (call) => (call === 'deployments.putInForce' && undoing(around) ? 'denied' : undefined)
    const state = await run(around)
    expect(state.steps['put-back']?.status).toBe('undo-failed')
    expect(evidenceOf(around)).toMatchObject({ undo: 'undo-failed' })
    expect(continuationOf(rollback, state)).toMatchObject({ direction: 'undo-by-hand' })
    // A further run finds its way from there.
    around.recorder.faultOf = () => undefined
    around.deployments.ill.clear()
    const next = await run(around, { ...rollbackRun(), runId: 'run-2' })
    expect([next.outcome, await inForce(around)]).toEqual(['succeeded', versionsOf('1')])
  })

  it('leaves the task of a review where the incident could not wait for a second person', async () => {
    const around = await releasedWorld()
    const wanted = rollbackRun({ type: 'full', critical: true }, { operation: 'approval' })
    expect((await run(around, wanted)).outcome).toBe('succeeded')
    const opened = [...(await tasks(around.stores, around.clock.now())).values()]
    expect(opened).toMatchObject([{ activity: 'rollback-review-run-1', owner: 'Incident Commander', once: true }])
    expect(evidenceOf(around)).toMatchObject({ approval: { decidedBy: 'critical' } })
  })

  it('lets one of two operators through, and changes nothing for the other', async () => {
    const around = await releasedWorld()
    around.deployments.settleSeconds = 20
    const [one, two] = await Promise.all([
      run(around),
      run(around, { ...rollbackRun({ type: 'partial', only: ['settings'] }), runId: 'run-2' }),
    ])
    const ended = [one, two].map(({ outcome, stoppedBy }) => stoppedBy?.code ?? outcome).toSorted()
    expect(ended).toEqual(['ROLLBACK_UNDER_WAY', 'succeeded'])
    const winner = one.stoppedBy ? 'run-2' : 'run-1'
    expect(around.deployments.effects.every((effect) => effect.includes(`${winner}/`))).toBe(true)
  })

  it('goes back once more: a rollback of a rollback puts the newer release in force again', async () => {
    const around = await releasedWorld()
    await run(around)
    const again = await run(around, { ...rollbackRun({ type: 'full', to: 2 }), runId: 'run-2' })
    expect([again.outcome, await inForce(around)]).toEqual(['succeeded', versionsOf('2')])
    expect((await onRecord(around)).map(({ sequence, restores }) => [sequence, restores])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 1],
      [4, 2],
    ])
  })

  const unclear: [string, (around: MemoryWorld) => unknown, string, string][] = [
    ['data that cannot be judged', (around) => (around.verdict = 'inconclusive'), 'inconclusive', 'pass'],
    [
      'controls of which nobody knows whether the release broke them',
      (around) => (around.controls = { ...around.controls, broken: ['ANV-05'] }),
      'pass',
      'inconclusive',
    ],
  ]
  describe.each(unclear)('with %s', (_, prepare, data, compliance) => {
    it.each([
      ['asks one person once', false, ['approve']],
      ['asks nobody where it cannot wait', true, []],
    ] as const)('%s, there and back', async (_how, critical, steps) => {
      const around = await releasedWorld()
      prepare(around)
      if (!critical) answered(true)(around)
      for (const [runId, to] of [
        ['there', 1],
        ['back', 2],
      ] as const) {
        const wanted = rollbackRun({ type: 'full', to, critical }, { operation: 'approval' })
        const state = await run(around, { ...wanted, runId })
        expect([state.outcome, await inForce(around)]).toEqual(['succeeded', versionsOf(String(to))])
        const asked = Object.entries(state.steps).filter(([, { approval }]) => approval)
        expect(asked.map(([step]) => step)).toEqual(steps)
        // What nobody could judge is no pass for that.
        expect(rollbackResultOf(rollback, state).verdict).toBe(data)
        expect(evidenceOf(around, runId)).toMatchObject({
          validation: { verdict: data, acceptedBy: 0 },
          compliance: { verdict: compliance },
        })
      }
    })
  })

  it('asks about data that cannot be judged where nobody was asked before', async () => {
    const around = await releasedWorld()
    around.verdict = 'inconclusive'
    answered(true)(around)
    const state = await run(around)
    expect(state.steps['validate']).toMatchObject({ status: 'done', output: { acceptedBy: 1 } })
  })

  it('shows the whole plan in a dry run, and changes and keeps nothing', async () => {
    const around = await releasedWorld()
    around.deployments.irreversible.add('schema schema-2')
    const before = await onRecord(around)
    const state = await run(around, { ...rollbackRun(), mode: 'dry-run' })
    expect(state.steps['assess']?.output).toMatchObject({
      to: 1,
      plan: {
        obstacles: [
          {
            component: 'schema',
            code: 'IRREVERSIBLE',
            what: 'schema schema-2',
            choices: ['forward-fix', 'point-in-time-recovery', 'partial-without'],
          },
        ],
      },
    })
    expect([around.deployments.effects, await onRecord(around), around.evidence.size]).toEqual([[], before, 0])
    expect(await around.stores.recovery.get('leases/rollback-test')).toBeUndefined()
  })

  it('carries eight components of long names and versions in a state that stays small', async () => {
    const around = await releasedWorld()
    const many = Array.from({ length: 8 }, (_, at): Component => {
      const name = `component-of-the-platform-${at}`.padEnd(31, 'x')
      return { kind: 'function', name, dependsOn: [], function: `neonpro-${name}`, alias: 'live' }
    })
    const versions = (digit: string) => Object.fromEntries(many.map(({ name }) => [name, digit.repeat(64)]))
    around.deployments.components = many
    for (const [at, digit] of ['a', 'b'].entries()) {
      for (const [name, version] of Object.entries(versions(digit))) around.deployments.deploy(name, version)
      await record(around, release(3 + at, { components: versions(digit) }))
    }
    const wanted = rollbackRun()
    const state = await run(around, { ...wanted, input: { ...wanted.input, components: many } })
    expect(state.outcome).toBe('succeeded')
    expect(JSON.stringify(state).length).toBeLessThan(MAX_STATE_BYTES)
  })
})

/** Whether components go forward again. */
const undoing = (around: MemoryWorld): boolean =>
  around.deployments.effects.some((effect) => effect.startsWith('web web-1'))

it('names its steps in the order in which serving comes first', () => {
  expect(rollback.steps.map(({ id }) => id)).toEqual([
    'assess',
    'approve',
    'lease',
    'position',
    'recovery-point',
    'put-back',
    'verify',
    'list-set-aside',
    'record-release',
    'validate',
    'validate-compliance',
    'monitor',
    'report',
  ])
})
