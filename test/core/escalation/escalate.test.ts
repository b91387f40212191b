import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { MemoryNotifier } from '../../../adapters/memory/notifier'
import { closeIncident, openIncident, type Incident } from '../../../core/coordination/incidents'
import { dueLevels } from '../../../core/escalation/due-levels'
import { escalate } from '../../../core/escalation/escalate'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { Notifier } from '../../../core/ports/notifier'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const START = new Date('2026-11-23T12:00:00.000Z')
const MINUTE = 60_000

const incident = (change: Partial<Incident> = {}): Incident => ({
  id: 'i-1',
  scenario: 'data-center-outage',
  severity: 'high',
  reasonCode: 'ALARM_REGION_LOST',
  guide: 'disasters.md#data-center-outage',
  openedBy: 'incident-intake',
  openedAt: START.toISOString(),
  ...change,
})

/** Two regions that escalate over the same two places, each with topics of its own. */
function regions() {
  const clock = new VirtualClock(START)
  const stores = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const recorder = new Recorder()
  const places = {
    recovery: recorder.watch<ConditionalStore>('recovery', stores.recovery),
    witness: recorder.watch<ConditionalStore>('witness', stores.witness),
  }
  const audiences = ['level-1', 'level-2', 'level-3', 'level-4'] as const
  const notifiers = [new MemoryNotifier(audiences), new MemoryNotifier(audiences)] as const
  const round = (notifier: Notifier = notifiers[0]) => escalate({ policy, places, notifier, clock })
  const levels = () =>
    notifiers.flatMap(({ told }) => told.map(({ audience }) => Number(audience.slice('level-'.length))))
  return { clock, stores, recorder, notifiers, round, levels }
}

describe('the levels that have to know', () => {
  const at = (minutes: number, severity: Incident['severity']) =>
    dueLevels(policy.escalation, incident({ severity }), new Date(START.getTime() + minutes * MINUTE))

  it.each([
    [0, [1]],
    [29.9, [1]],
    [30, [1, 2]],
    [59.9, [1, 2]],
    [60, [1, 2, 3]],
    [600, [1, 2, 3]],
  ])('are, after %d minutes of an ordinary incident, %j', (minutes, levels) => {
    expect(at(minutes, 'high')).toEqual(levels)
  })

  it('include vendors and regulators at once when it is critical', () => {
    expect(at(0, 'critical')).toEqual([1, 4])
    expect(at(60, 'critical')).toEqual([1, 2, 3, 4])
  })

  it('are those of a new incident when the clock of another region runs ahead', () => {
    expect(at(-1, 'high')).toEqual([1])
  })
})

describe('the escalation', () => {
  it('tells each level once, when its time has come', async () => {
    const { round, clock, stores, levels } = regions()
    await openIncident(stores.recovery, incident())
    for (let minute = 0; minute <= 90; minute++) {
      await round()
      await clock.sleep(MINUTE)
    }
    expect(levels()).toEqual([1, 2, 3])
  })

  it('tells a level late rather than never', async () => {
    const { round, clock, stores, levels } = regions()
    await openIncident(stores.recovery, incident({ severity: 'critical' }))
    await clock.sleep(61 * MINUTE)
    await round()
    expect(levels()).toEqual([1, 2, 3, 4])
  })

  it('says which incident, how grave, since when, why and where to read on', async () => {
    const { round, stores, notifiers } = regions()
    await openIncident(stores.recovery, incident({ severity: 'critical' }))
    await round()
    expect(notifiers[0].told[0]!.notice).toEqual({
      subject: '[critical] data-center-outage, level 1',
      lines: [
        'Incident: i-1',
        'Severity: critical',
        'Since: 2026-11-23T12:00:00.000Z',
        'Reason: ALARM_REGION_LOST',
        'What to do: docs/runbooks/disasters.md#data-center-outage',
      ],
    })
  })

  it('goes on with one place, and counts the one that is away', async () => {
    const { round, recorder, stores } = regions()
    await openIncident(stores.witness, incident())
    expect(await round()).toMatchObject({ told: 1, placesAway: 0 })
    recorder.faultOf = (made) => (made.startsWith('recovery.') ? 'unreachable' : undefined)
    expect(await round()).toMatchObject({ open: 1, placesAway: 1 })
    recorder.faultOf = () => 'unreachable'
    await expect(round()).rejects.toMatchObject({ failure: 'unreachable' })
  })

  it('counts the violations that nobody has resolved, wherever they are held', async () => {
    const { round, stores, clock } = regions()
    await openIncident(stores.recovery, incident({ id: 'v-1', scenario: 'compliance-violation' }))
    await openIncident(stores.witness, incident({ id: 'v-2', scenario: 'compliance-violation' }))
    await openIncident(stores.witness, incident({ id: 'o-1' }))
    expect(await round()).toMatchObject({ open: 3, openViolations: 2 })
    await closeIncident(stores.recovery, 'v-1', clock.now())
    expect(await round()).toMatchObject({ openViolations: 1 })
  })

  it('tells a level once when both regions escalate at the same moment', async () => {
    const { round, stores, notifiers, levels } = regions()
    await openIncident(stores.recovery, incident({ severity: 'critical' }))
    await Promise.all(notifiers.map((notifier) => round(notifier)))
    expect(levels().toSorted((a, b) => a - b)).toEqual([1, 4])
  })

  it('takes over what a function that died had begun, after the time the policy gives it', async () => {
    const { round, clock, stores, levels } = regions()
    const claimedAt = START.toISOString()
    await openIncident(stores.recovery, incident({ notified: { 1: { claimedAt } } }))
    await round()
    expect(levels()).toEqual([])
    await clock.sleep(policy.operations.incidents.notifyAgainMinutes * MINUTE)
    await round()
    expect(levels()).toEqual([1])
  })

  it('tells the others when one level cannot be told, and that one later', async () => {
    const { round, clock, stores, recorder, notifiers, levels } = regions()
    await openIncident(stores.recovery, incident({ severity: 'critical' }))
    let left = 1
    recorder.faultOf = (call) => (call === 'notifier.notify' && left-- > 0 ? 'unreachable' : undefined)
    const shaky = recorder.watch<Notifier>('notifier', notifiers[0])
    expect(await round(shaky)).toMatchObject({ told: 1, failed: 1 })
    expect(levels()).toEqual([4])
    await clock.sleep(policy.operations.incidents.notifyAgainMinutes * MINUTE)
    await round(shaky)
    expect(levels()).toEqual([4, 1])
  })

  it('goes on with the witness alone, and stops where neither place answers', async () => {
    const { round, stores, recorder, levels } = regions()
    await openIncident(stores.witness, incident())
    recorder.faultOf = (call) => (call.startsWith('recovery.') ? 'unreachable' : undefined)
    await round()
    expect(levels()).toEqual([1])
    recorder.faultOf = () => 'unreachable'
    await expect(round()).rejects.toMatchObject({ failure: 'unreachable' })
  })

  it('says nothing of what is closed, and measures the oldest critical one that is not', async () => {
    const { round, clock, stores, levels } = regions()
    await openIncident(stores.recovery, incident({ severity: 'critical' }))
    await openIncident(stores.recovery, incident({ id: 'i-2' }))
    await closeIncident(stores.recovery, 'i-2', START)
    await clock.sleep(121 * MINUTE)
    expect(await round()).toMatchObject({ open: 1, oldestCriticalMinutes: 121 })
    await closeIncident(stores.recovery, 'i-1', clock.now())
    expect(await round()).toEqual({
      open: 0,
      told: 0,
      failed: 0,
      openViolations: 0,
      placesAway: 0,
      oldestCriticalMinutes: 0,
    })
    expect(levels()).toEqual([1, 2, 3, 4])
  })
})
