import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { openIncident, openIncidents } from '../../../core/coordination/incidents'
import { resolveIncident } from '../../../core/coordination/resolve-incident'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'

const request = { incident: 'i-1', closedBy: 'operator-1', causeCode: 'NETWORK_CUT' }

async function closing() {
  const recorder = new Recorder()
  const places = {
    recovery: recorder.watch<ConditionalStore>('recovery', new MemoryConditionalStore()),
    witness: recorder.watch<ConditionalStore>('witness', new MemoryConditionalStore()),
  }
  const drafts: EvidenceDraft[] = []
  const evidence = { append: async (draft: EvidenceDraft) => (drafts.push(draft), { id: 'e', sequence: 0, hash: 'f' }) }
  const clock = new VirtualClock(new Date('2026-11-23T13:30:00.000Z'))
  await openIncident(places.witness, {
    id: 'i-1',
    scenario: 'data-center-outage',
    severity: 'critical',
    reasonCode: 'ALARM_REGION_LOST',
    guide: 'disasters.md#data-center-outage',
    openedBy: 'incident-intake',
    openedAt: '2026-11-23T12:00:00.000Z',
  })
  return { world: { places, evidence, clock }, drafts, clock, recorder }
}

it('closes an incident wherever it is held, and records how long it took', async () => {
  const { world, drafts } = await closing()
  expect(await resolveIncident(world, request)).toEqual({
    incident: 'i-1',
    closedAt: '2026-11-23T13:30:00.000Z',
    placesAway: 0,
  })
  expect(await openIncidents(world.places.witness)).toEqual([])
  expect(drafts).toEqual([
    expect.objectContaining({
      key: 'incident/i-1/closed',
      actor: 'operator-1',
      measurements: { incident: 'i-1', cause: 'NETWORK_CUT', severity: 'critical', openMinutes: 90 },
    }),
  ])
})

it('keeps the first time when it is closed again', async () => {
  const { world, clock, drafts } = await closing()
  await resolveIncident(world, request)
  await clock.sleep(60_000)
  expect(await resolveIncident(world, request)).toMatchObject({ closedAt: '2026-11-23T13:30:00.000Z' })
  expect(drafts[1]!.measurements).toEqual(drafts[0]!.measurements)
})

it('refuses an incident that nobody opened', async () => {
  const { world, drafts } = await closing()
  await expect(resolveIncident(world, { ...request, incident: 'i-2' })).rejects.toMatchObject({
    code: 'INCIDENT_UNKNOWN',
  })
  expect(drafts).toEqual([])
})

it('says that a place gave no answer, where the other one held the incident', async () => {
  const { world, drafts, recorder } = await closing()
  recorder.faultOf = (call) => (call.startsWith('recovery.') ? 'unreachable' : undefined)
  const resolved = await resolveIncident(world, request)
  expect(resolved).toMatchObject({ placesAway: 1 })
  expect(drafts).toHaveLength(1)
  recorder.faultOf = () => undefined
  expect(await resolveIncident(world, request)).toMatchObject({ placesAway: 0 })
})

it('does not call an incident unknown while a place that may hold it gives no answer', async () => {
  const { world, drafts, recorder } = await closing()
  recorder.faultOf = (call) => (call.startsWith('witness.') ? 'unreachable' : undefined)
  await expect(resolveIncident(world, request)).rejects.toMatchObject({
    failure: 'unreachable',
    code: 'INCIDENT_PLACE_AWAY',
  })
  expect(drafts).toEqual([])
})
